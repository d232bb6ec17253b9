// plasm audit: runs the jobs of a folder of receipts again, and signs what came of it.
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "audit_replays.h"
#include "base/clock.h"
#include "base/entropy.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "base/quote.h"
#include "cli/data_folder.h"
#include "cli/terminal.h"
#include "crypto/key_file.h"
#include "crypto/public_key_text.h"
#include "execution/runtime.h"
#include "receipt/audit_statement.h"
#include "receipt/receipt_v2.h"
#include "tlog/proof_file.h"
#include "verbs.h"
#include "verifier_setup.h"
#include "verify/verification.h"

namespace plasm::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDefaultSample = 20;
constexpr const char* kAuditPrefix = "audit-";

struct Flags {
  std::string data_dir;
  std::string folder;
  std::string output;
  std::string key;
  std::string policy;
  std::size_t sample = kDefaultSample;
  bool all = false;
  AuditReplayFlags replay;
  bool json = false;
};

// Why a file can't be one of the receipts that an audit names (spec/audit.md section 2); empty
// when it can. `names`: of those before it.
std::string WhyNoSubject(const fs::path& file, std::map<Sha256Digest, std::string>& names) {
  const auto bytes = ReadFile(file, receipt::kMaxReceiptBytes);
  if (!bytes) return " can't be read";
  const auto receipt = receipt::ParseReceiptV2(*bytes);
  if (!receipt) return " is not a receipt v2";
  const std::string name = file.filename().string();
  if (!receipt::IsSubjectName(name)) return " is no name for a statement";
  const auto [first, is_new] =
      names.emplace(receipt::LeafReceiptDigest(receipt->envelope.payload), name);
  return is_new ? "" : " is the same receipt as " + Quote(first->second);
}

// The receipts v2 in a folder, by name. Other JSON files are named on standard error: a receipt
// that is damaged must not be passed over in silence.
Result<std::vector<fs::path>> ReceiptsIn(const fs::path& folder) {
  std::vector<fs::path> candidates;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    std::error_code unknown;
    if (!name.ends_with(".json") || name.ends_with(".manifest.json") ||
        name.starts_with(kAuditPrefix) || !entry->is_regular_file(unknown)) {
      continue;
    }
    candidates.push_back(entry->path());
  }
  if (failed) return Error{ErrorCode::kNotFound, folder.string() + ": " + failed.message()};
  std::ranges::sort(candidates);

  std::vector<fs::path> files;
  std::map<Sha256Digest, std::string> names;
  for (const fs::path& file : candidates) {
    const std::string why_not = WhyNoSubject(file, names);
    if (why_not.empty()) {
      files.push_back(file);
    } else {
      PrintError(Quote(file.filename().string()) + why_not + ": left out");
    }
  }
  return files;
}

// So many of them, each as likely as any other, in their order.
std::vector<fs::path> Sample(std::vector<fs::path> files, std::size_t count, Entropy& entropy) {
  for (std::size_t i = 0; i < count && i < files.size(); ++i) {
    std::array<std::byte, 8> random;
    entropy.Fill(random);
    std::uint64_t number = 0;
    std::memcpy(&number, random.data(), sizeof(number));
    std::swap(files[i], files[i + number % (files.size() - i)]);
  }
  if (files.size() > count) files.resize(count);
  std::ranges::sort(files);
  return files;
}

// What every receipt of the folder is judged by.
struct Judge {
  trust::TrustState trusted;
  std::optional<crypto::PublicKey> key;
  std::optional<tlog::Policy> policy;
  std::optional<tlog::Policy> standing_policy;
  ReplayOne replay;
};

Result<Judge> MakeJudge(const Flags& flags, const DataFolder& data, Clock& clock,
                        Entropy& entropy) {
  Judge judge;
  if (flags.key.empty()) {
    PLASM_TRY(judge.trusted, LoadTrust(data));
    PLASM_TRY(judge.standing_policy, LoadPolicy(data, ""));
  } else {
    PLASM_TRY(judge.key, LoadPublicKey(flags.key));
  }
  if (!flags.policy.empty()) {
    PLASM_TRY(judge.policy, LoadPolicy(data, flags.policy));
  }
  PLASM_TRY(judge.replay, MakeReplays(flags.replay, data, clock, entropy));
  return judge;
}

Result<receipt::AuditedReceipt> Audit(const fs::path& file, const Judge& judge,
                                      StatedRuntime& stated, Clock& clock) {
  PLASM_TRY(const Bytes bytes, ReadFile(file, receipt::kMaxReceiptBytes));
  PLASM_TRY(const auto proof, ReadIfThere(file.string() + ".tlog-proof", tlog::kMaxProofFileBytes));
  verify::Evidence evidence{.receipt = bytes, .key = judge.key};
  if (proof) evidence.proof = *proof;
  evidence.trusted = &judge.trusted;
  if (judge.policy) evidence.policy = &*judge.policy;
  if (judge.standing_policy) evidence.standing_policy = &*judge.standing_policy;
  evidence.now_seconds = clock.RealtimeNs() / 1'000'000'000;
  const verify::Verification result = verify::Verify(evidence);

  PLASM_TRY(const receipt::ReceiptV2 receipt, receipt::ParseReceiptV2(bytes));
  receipt::AuditedReceipt audited{
      .name = file.filename().string(),
      .pae_digest = receipt::LeafReceiptDigest(receipt.envelope.payload),
      .verdict = result.verdict,
      .reason = result.reason};
  if (result.verdict != receipt::Verdict::kValid) return audited;
  PLASM_TRY(execution::ReplayReport replay,
            judge.replay(receipt.statement, fs::absolute(file).parent_path()));
  stated.Take(replay);
  audited.verdict = replay.verdict;
  audited.reason = replay.reason;
  return audited;
}

// "20261125T093000Z", which every file system takes.
std::string NameOfTime(UtcTime time) {
  std::string text = time.ToString().substr(0, 19);
  std::erase(text, '-');
  std::erase(text, ':');
  return text + "Z";
}

void Print(const std::vector<receipt::AuditedReceipt>& audited, std::size_t of,
           const std::string& auditor, const std::string& file, bool as_json) {
  const auto conclusion = receipt::ConclusionOf(audited);
  if (as_json) {
    JsonWriter json(JsonStyle::kPretty);
    json.BeginObject().Field("conclusion", receipt::AuditConclusionName(conclusion));
    json.Field("audited", audited.size()).Field("receipts", of);
    json.Field("auditor", auditor).Field("statement", file);
    json.Key("results").BeginArray();
    for (const auto& receipt : audited) {
      json.BeginObject().Field("name", receipt.name);
      json.Field("verdict", receipt::VerdictName(receipt.verdict));
      if (!receipt.reason.empty()) json.Field("reason", receipt.reason);
      json.EndObject();
    }
    json.EndArray().EndObject();
    std::printf("%s\n", std::move(json).Take().c_str());
    return;
  }
  for (const auto& receipt : audited) {
    if (receipt.verdict == receipt::Verdict::kValid) continue;
    std::printf("%-20s %s: %s\n", std::string(receipt::VerdictName(receipt.verdict)).c_str(),
                Quote(receipt.name).c_str(), receipt.reason.c_str());
  }
  const auto colour = conclusion == receipt::AuditConclusion::kConfirmed      ? Colour::kGreen
                      : conclusion == receipt::AuditConclusion::kContradicted ? Colour::kRed
                                                                              : Colour::kYellow;
  const auto identical =
      std::ranges::count(audited, receipt::Verdict::kValid, &receipt::AuditedReceipt::verdict);
  std::printf("%s: %td of %zu run again gave the same, out of %zu receipts\n",
              Coloured(receipt::AuditConclusionName(conclusion), colour, stdout).c_str(), identical,
              audited.size(), of);
  std::printf("  signed by %s in %s\n", auditor.c_str(), file.c_str());
}

Result<int> AuditFolder(const Flags& flags, const DataFolder& data) {
  SystemClock clock;
  SystemEntropy entropy;
  PLASM_TRY(const std::vector<fs::path> all, ReceiptsIn(flags.folder));
  if (all.empty()) {
    return Error{ErrorCode::kNotFound, flags.folder + ": there is no receipt v2 in this folder"};
  }
  if (flags.all && all.size() > receipt::kMaxAuditedReceipts) {
    return Error{ErrorCode::kLimitExceeded,
                 flags.folder + ": " + std::to_string(all.size()) +
                     " receipts, more than one statement names: choose with --sample"};
  }
  const auto chosen = Sample(all, flags.all ? all.size() : flags.sample, entropy);
  PLASM_TRY(const Judge judge, MakeJudge(flags, data, clock, entropy));
  PLASM_TRY(const crypto::SigningKey key,
            crypto::LoadOrCreateSigningKey(data.audit_key(), entropy));

  StatedRuntime stated(execution::RuntimeOf(
      PLASM_ENGINE_VERSION,
      flags.replay.here.engine == "pulley" ? worker::Target::kPulley : worker::Target::kNative,
      receipt::Profile::kDet1));
  receipt::AuditStatement statement;
  {
    ProgressLine progress("running again");
    for (const fs::path& file : chosen) {
      progress.Show(statement.receipts.size(), chosen.size());
      PLASM_TRY(receipt::AuditedReceipt audited, Audit(file, judge, stated, clock));
      statement.receipts.push_back(std::move(audited));
    }
  }
  statement.auditor = crypto::Fingerprint(key.public_key());
  statement.time = UtcTime::FromNanoseconds(clock.RealtimeNs());
  statement.runtime = stated.runtime();
  PLASM_TRY(const std::string payload, receipt::SerializeAuditStatement(statement));
  const receipt::Envelope envelope =
      receipt::SignEnvelope(std::string(receipt::kReceiptPayloadType),
                            Bytes(AsBytes(payload).begin(), AsBytes(payload).end()), key);
  const fs::path file =
      flags.output.empty()
          ? fs::path(flags.folder) / (kAuditPrefix + NameOfTime(statement.time) + ".json")
          : fs::path(flags.output);
  PLASM_TRY_VOID(WriteFileAtomically(file, AsBytes(receipt::SerializeEnvelope(envelope))));
  Print(statement.receipts, all.size(), statement.auditor, file.string(), flags.json);
  switch (receipt::ConclusionOf(statement.receipts)) {
    case receipt::AuditConclusion::kConfirmed:
      return static_cast<int>(kPlasmOk);
    case receipt::AuditConclusion::kContradicted:
      return VerdictExitCode(receipt::Verdict::kReplayDiffers);
    case receipt::AuditConclusion::kInconclusive:
      break;
  }
  return VerdictExitCode(receipt::Verdict::kReplayInconclusive);
}

}  // namespace

void AddAuditVerb(CLI::App& app, int& exit_status) {
  CLI::App* verb = app.add_subcommand(
      "audit", "Run the jobs of a folder of receipts again, and sign what came of it");
  auto flags = std::make_shared<Flags>();
  verb->add_option("DIR", flags->folder, "Folder with receipts")->required();
  auto* sample = verb->add_option("--sample", flags->sample, "How many, chosen at random [20]")
                     ->type_name("N")
                     ->check(CLI::Range(std::size_t{1}, receipt::kMaxAuditedReceipts));
  verb->add_flag("--all", flags->all, "All of them")->excludes(sample);
  verb->add_option("-o,--output-file", flags->output,
                   "Where to write the signed statement [DIR/audit-TIME.json]")
      ->type_name("FILE");
  verb->add_option("--key", flags->key,
                   "Only the public key in this PEM file will do; no list of nodes is asked")
      ->type_name("PEM");
  verb->add_option("--policy", flags->policy, "Logs and witnesses that must have seen the receipts")
      ->type_name("FILE");
  AddAuditReplayFlags(*verb, flags->replay);
  verb->add_flag("--json", flags->json, "As JSON");
  AddDataDirFlag(*verb, flags->data_dir);
  verb->footer(
      "Exit status: 0 confirmed, 30 contradicted, 31 inconclusive, 1 it could not be done.");
  verb->callback([flags, &exit_status] {
    const auto data = DataFolder::Locate(flags->data_dir);
    const auto done = data ? AuditFolder(*flags, *data) : Result<int>(data.error());
    exit_status = done ? *done : Failed(done.error());
  });
}

}  // namespace plasm::app
