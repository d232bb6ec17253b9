// plasm verify: what a receipt is worth.
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "cli/data_folder.h"
#include "outputs_at_hand.h"
#include "quorum_report.h"
#include "receipt/quorum_bundle.h"
#include "replay_setup.h"
#include "tlog/proof_file.h"
#include "trust/trust_store.h"
#include "verbs.h"
#include "verdict_report.h"
#include "verifier_setup.h"
#include "verify/quorum.h"
#include "verify/verification.h"

namespace plasm::app {
namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string data_dir;
  std::string receipt;
  std::string proof;
  std::string key;
  std::string card;
  std::string manifest;
  std::string policy;
  std::string nonce;
  std::vector<std::string> outputs;
  std::uint32_t agree = 0;
  bool replay = false;
  ReplayFlags replay_flags;
  bool json = false;
};

// Everything that the evidence points into.
struct Inputs {
  Bytes receipt;
  std::optional<Bytes> proof;
  std::optional<Bytes> manifest;
  std::optional<crypto::PublicKey> key;
  trust::TrustState trusted;
  std::optional<tlog::Policy> policy;
  std::optional<tlog::Policy> standing_policy;
  std::vector<verify::OutputAtHand> outputs;
};

// What does not depend on what is verified.
Result<Inputs> ReadVerifier(const Flags& flags, const DataFolder& data) {
  Inputs inputs;
  if (!flags.key.empty()) {
    PLASM_TRY(inputs.key, LoadPublicKey(flags.key));
  }
  if (!flags.card.empty()) {
    PLASM_TRY(const Bytes card, ReadFile(flags.card, trust::kMaxCardBytes));
    PLASM_TRY(const auto standing, trust::TrustStore(data.root()).AcceptCard(card));
    static_cast<void>(standing);
  }
  if (!inputs.key) {
    PLASM_TRY(inputs.trusted, LoadTrust(data));
    PLASM_TRY(inputs.standing_policy, LoadPolicy(data, ""));
  }
  if (!flags.policy.empty()) {
    PLASM_TRY(inputs.policy, LoadPolicy(data, flags.policy));
  }
  for (const std::string& argument : flags.outputs) {
    PLASM_TRY(verify::OutputAtHand output, ReadOutput(argument));
    inputs.outputs.push_back(std::move(output));
  }
  return inputs;
}

// Receipt or bundle: read once, since it may be a pipe. One that is larger than either may be is a
// malformed receipt, and not a file that cannot be read.
Result<Bytes> ReadDocument(const std::string& path) {
  auto document = ReadFile(path, receipt::kMaxBundleBytes);
  if (document || document.error().code != ErrorCode::kLimitExceeded) return document;
  return Bytes(receipt::kMaxReceiptBytes + 1);
}

Result<Inputs> ReadInputs(const Flags& flags, const DataFolder& data, Bytes receipt) {
  PLASM_TRY(Inputs inputs, ReadVerifier(flags, data));
  inputs.receipt = std::move(receipt);
  if (!flags.proof.empty()) {
    PLASM_TRY(inputs.proof, ReadFile(flags.proof, tlog::kMaxProofFileBytes));
  } else {
    PLASM_TRY(inputs.proof, ReadIfThere(flags.receipt + ".tlog-proof", tlog::kMaxProofFileBytes));
  }
  if (!flags.manifest.empty()) {
    PLASM_TRY(inputs.manifest, ReadFile(flags.manifest, receipt::kMaxManifestBytes));
  }
  return inputs;
}

verify::Evidence EvidenceOf(const Flags& flags, Inputs& inputs, Clock& clock) {
  verify::Evidence evidence{.receipt = inputs.receipt, .key = inputs.key};
  if (inputs.proof) evidence.proof = *inputs.proof;
  if (inputs.manifest) evidence.manifest = *inputs.manifest;
  evidence.trusted = &inputs.trusted;
  if (inputs.policy) evidence.policy = &*inputs.policy;
  if (inputs.standing_policy) evidence.standing_policy = &*inputs.standing_policy;
  if (!flags.nonce.empty()) evidence.nonce = flags.nonce;
  evidence.outputs = std::move(inputs.outputs);
  evidence.now_seconds = clock.RealtimeNs() / 1'000'000'000;
  return evidence;
}

// The step after all others: runs the job again.
Result<void> Replay(const Flags& flags, const DataFolder& data, const Inputs& inputs, Clock& clock,
                    VerdictReport& report) {
  if (!client::CanBeReplayed(report.verification)) return {};
  std::vector<fs::path> folders{fs::absolute(flags.receipt).parent_path()};
  if (!flags.manifest.empty()) folders.push_back(fs::absolute(flags.manifest).parent_path());
  PLASM_TRY(const auto setup, MakeReplaySetup(data, flags.replay_flags, clock));
  std::optional<ByteView> manifest;
  if (inputs.manifest) manifest = *inputs.manifest;
  PLASM_TRY(report.replay, setup->ReplayVerified(report.verification, manifest, folders));
  return {};
}

// Of several nodes: spec/quorum.md section 5.
int VerifyBundle(const Flags& flags, const DataFolder& data, ByteView bytes) {
  if (!flags.proof.empty() || !flags.key.empty() || !flags.manifest.empty() ||
      !flags.nonce.empty() || flags.replay) {
    PrintError(flags.receipt +
               " is a bundle of several nodes' answers: it has manifest and proofs inside, and "
               "--proof, --key, --manifest, --nonce and --replay are for receipts");
    return kPlasmUsage;
  }
  const auto bundle = receipt::ParseQuorumBundle(bytes);
  verify::QuorumVerification verification;
  if (bundle) {
    const auto inputs = ReadVerifier(flags, data);
    if (!inputs) return Failed(inputs.error());
    verify::QuorumEvidence evidence{.trusted = &inputs->trusted,
                                    .outputs = inputs->outputs,
                                    .now_seconds = SystemClock().RealtimeNs() / 1'000'000'000};
    if (inputs->policy) evidence.policy = &*inputs->policy;
    if (inputs->standing_policy) evidence.standing_policy = &*inputs->standing_policy;
    if (flags.agree != 0) evidence.agree = flags.agree;
    verification = verify::VerifyQuorum(*bundle, evidence);
  } else {
    verification.verdict = receipt::Verdict::kMalformed;
    verification.reason = bundle.error().message;
  }
  const std::string text = flags.json ? QuorumJson(flags.receipt, verification)
                                      : QuorumText(flags.receipt, verification);
  std::fputs(text.c_str(), stdout);
  return receipt::VerdictExitCode(verification.verdict);
}

int Verify(const Flags& flags) {
  const auto data = DataFolder::Locate(flags.data_dir);
  if (!data) return Failed(data.error());
  auto document = ReadDocument(flags.receipt);
  if (!document) return Failed(document.error());
  if (receipt::IsQuorumBundle(*document)) return VerifyBundle(flags, *data, *document);
  auto inputs = ReadInputs(flags, *data, *std::move(document));
  if (!inputs) return Failed(inputs.error());
  SystemClock clock;
  VerdictReport report{flags.receipt, verify::Verify(EvidenceOf(flags, *inputs, clock)), {}};
  if (flags.replay) {
    const auto replayed = Replay(flags, *data, *inputs, clock, report);
    if (!replayed) return Failed(replayed.error());
  }
  const std::string text = flags.json ? ReportJson(report) : ReportText(report);
  std::fputs(text.c_str(), stdout);
  if (report.verification.verdict == receipt::Verdict::kUnknownKey &&
      report.verification.statement) {
    PrintError("no trusted node answers for this receipt. If you know that " +
               report.verification.statement->node.identity +
               " is the node that you mean: plasm trust add NAME CARD, with the card that the "
               "node has issued");
  }
  return receipt::VerdictExitCode(report.verification.verdict);
}

}  // namespace

void AddVerifyVerb(CLI::App& app, int& exit_status) {
  CLI::App* verb = app.add_subcommand("verify", "Say what a receipt is worth");
  auto flags = std::make_shared<Flags>();
  verb->add_option("RECEIPT", flags->receipt,
                   "The receipt's file, or a bundle of several nodes' answers")
      ->required();
  verb->add_option("--proof", flags->proof, "Its proof of the log [RECEIPT.tlog-proof, if there]")
      ->type_name("FILE");
  verb->add_option("--key", flags->key,
                   "Only the public key in this PEM file will do; no list of nodes is asked")
      ->type_name("PEM");
  verb->add_option("--card", flags->card, "A newer card of a trusted node, to be remembered")
      ->type_name("FILE");
  verb->add_option("--output", flags->outputs,
                   "A file or folder that should be an output of the job; NAME is stdout, stderr "
                   "or its path in the guest; repeatable")
      ->type_name("[NAME=]FILE|DIR")
      ->allow_extra_args(false);
  verb->add_option("--manifest", flags->manifest, "The job that the receipt should answer")
      ->type_name("FILE");
  verb->add_option("--nonce", flags->nonce, "The nonce that the request had")->type_name("HEX");
  verb->add_option("--policy", flags->policy,
                   "Logs and witnesses that must have seen the receipt (C2SP tlog-policy)")
      ->type_name("FILE");
  verb->add_option("--agree", flags->agree,
                   "Of a bundle: so many nodes have to give the same result [the bundle's number]")
      ->type_name("M")
      ->check(CLI::Range(1, static_cast<int>(receipt::kMaxAnswers)));
  verb->add_flag("--replay", flags->replay,
                 "Run the job again and compare. Module and inputs are looked for in the data "
                 "folder, beside the receipt and beside the manifest");
  verb->add_option("--engine", flags->replay_flags.engine,
                   "For the replay: jit, or pulley, an interpreter [jit]")
      ->type_name("ENGINE")
      ->check(CLI::IsMember({"jit", "pulley"}));
  verb->add_option("--timeout", flags->replay_flags.timeout_seconds,
                   "Most wall time of the replay in seconds; 0: none [300]")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 31'536'000.0));
  verb->add_flag("--json", flags->json, "As JSON");
  AddDataDirFlag(*verb, flags->data_dir);
  verb->footer(
      "Exit status: 0 only for VALID and VALID_LEGACY_UNBOUND; each other verdict has its own "
      "from 10 on (spec/receipt.md section 8); 1 when something could not be read, 2 wrong "
      "usage.");
  verb->callback([flags, &exit_status] { exit_status = Verify(*flags); });
}

}  // namespace plasm::app
