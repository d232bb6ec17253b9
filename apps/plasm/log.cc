// plasm log: looks at transparency logs, and stands witness for them.
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/base64.h"
#include "base/clock.h"
#include "base/decimal.h"
#include "base/entropy.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "base/quote.h"
#include "cli/data_folder.h"
#include "cli/terminal.h"
#include "crypto/key_file.h"
#include "log_source.h"
#include "receipt/receipt_v2.h"
#include "tlog/cosignature.h"
#include "tlog/fsck.h"
#include "tlog/log_reader.h"
#include "tlog/proof_file.h"
#include "tlog/witness.h"
#include "verbs.h"
#include "verifier_setup.h"

namespace plasm::app {
namespace {

constexpr int kLogBad = 18;  // as the verdict BAD_LOG_PROOF
constexpr const char* kDefaultWitnessName = "plasm-witness";

struct Flags {
  LogFlags log;
  std::string entry;  // a number, or a receipt's file
  std::string output;
  std::string older;
  std::vector<std::string> cosigned;  // files
  std::string witness_name = kDefaultWitnessName;
  bool json = false;
};

std::string RootText(const tlog::TreeHead& head) { return EncodeBase64(head.root.bytes); }

Result<int> Show(const Flags& flags, const DataFolder& data) {
  PLASM_TRY(LogSource source, OpenLog(flags.log, data));
  PLASM_TRY(tlog::LogReader reader, tlog::LogReader::Open(*source.storage, source.key));
  const tlog::SignedCheckpoint& signed_checkpoint = reader.checkpoint();
  const tlog::Checkpoint& checkpoint = signed_checkpoint.checkpoint;
  if (!flags.entry.empty()) {
    PLASM_TRY(const std::uint64_t index, ParseDecimal(flags.entry));
    PLASM_TRY(const Bytes entry, reader.Entry(index));
    std::fwrite(entry.data(), 1, entry.size(), stdout);
    return kPlasmOk;
  }
  if (flags.json) {
    JsonWriter json(JsonStyle::kPretty);
    json.BeginObject();
    json.Field("origin", checkpoint.origin);
    json.Field("size", std::to_string(checkpoint.head.size));
    json.Field("root", RootText(checkpoint.head));
    json.Field("vkey", source.key.ToText());
    json.Key("signatures").BeginArray();
    for (const auto& signature : signed_checkpoint.note.signatures) json.String(signature.name);
    json.EndArray();
    json.Field("checkpoint", signed_checkpoint.Serialize()).EndObject();
    std::printf("%s\n", std::move(json).Take().c_str());
    return kPlasmOk;
  }
  std::printf("origin  %s\n", checkpoint.origin.c_str());
  std::printf("size    %llu\n", static_cast<unsigned long long>(checkpoint.head.size));
  std::printf("root    %s\n", RootText(checkpoint.head).c_str());
  std::printf("vkey    %s\n", source.key.ToText().c_str());
  for (const auto& signature : signed_checkpoint.note.signatures) {
    std::printf("signed  %s\n", Quote(signature.name).c_str());
  }
  return kPlasmOk;
}

// The index of a receipt's entry, by reading the log from its end.
Result<std::uint64_t> IndexOf(const std::string& receipt_file, tlog::LogReader& reader) {
  PLASM_TRY(const Bytes bytes, ReadFile(receipt_file, receipt::kMaxReceiptBytes));
  const auto receipt = receipt::ParseReceiptV2(bytes);
  if (!receipt) {
    return Error{receipt.error().code, receipt_file + ": " + receipt.error().message};
  }
  const std::string wanted =
      receipt::LogEntry(receipt::LeafReceiptDigest(receipt->envelope.payload));
  for (std::uint64_t index = reader.size(); index-- > 0;) {
    PLASM_TRY(const Bytes entry, reader.Entry(index));
    if (AsText(entry) == wanted) return index;
  }
  return Error{ErrorCode::kNotFound, receipt_file + ": this receipt is not in the log"};
}

// A checkpoint from a file that is one, or that is a proof with one in it.
Result<tlog::SignedCheckpoint> CheckpointIn(const std::string& file) {
  PLASM_TRY(const Bytes bytes, ReadFile(file, tlog::kMaxNoteBytes));
  if (auto proof = tlog::ProofFile::Parse(bytes)) return std::move(proof->checkpoint);
  auto checkpoint = tlog::SignedCheckpoint::Parse(bytes);
  if (!checkpoint) {
    return Error{checkpoint.error().code, file + ": " + checkpoint.error().message};
  }
  return checkpoint;
}

// Adds the signature lines of another copy of the same checkpoint.
Result<void> AddCosignatures(const std::string& file, tlog::SignedCheckpoint& checkpoint) {
  PLASM_TRY(const tlog::SignedCheckpoint cosigned, CheckpointIn(file));
  if (cosigned.note.text != checkpoint.note.text) {
    return Error{ErrorCode::kConflict, file + ": not the log's present checkpoint, which is of " +
                                           std::to_string(checkpoint.checkpoint.head.size) +
                                           " entries: have that one cosigned"};
  }
  auto& lines = checkpoint.note.signatures;
  for (const tlog::NoteSignature& line : cosigned.note.signatures) {
    if (std::ranges::find(lines, line) == lines.end()) lines.push_back(line);
  }
  return {};
}

Result<int> Prove(const Flags& flags, const DataFolder& data) {
  PLASM_TRY(LogSource source, OpenLog(flags.log, data));
  PLASM_TRY(tlog::LogReader reader, tlog::LogReader::Open(*source.storage, source.key));
  auto index = ParseDecimal(flags.entry);
  if (!index) index = IndexOf(flags.entry, reader);
  if (!index) return std::move(index).error();
  PLASM_TRY(tlog::ProofFile proof, reader.Proof(*index));
  for (const std::string& file : flags.cosigned) {
    PLASM_TRY_VOID(AddCosignatures(file, proof.checkpoint));
  }
  const std::string text = proof.Serialize();
  if (flags.output.empty()) {
    std::fputs(text.c_str(), stdout);
  } else {
    PLASM_TRY_VOID(WriteFileAtomically(flags.output, AsBytes(text)));
  }
  return kPlasmOk;
}

// Both checkpoints are signed by the log, and they contradict each other.
Result<int> Equivocation(const tlog::SignedCheckpoint& older, const tlog::SignedCheckpoint& newer,
                         const DataFolder& data, const std::string& what) {
  const auto file =
      data.root() / "evidence" /
      (Sha256Of(AsBytes(older.Serialize() + newer.Serialize())).ToHex().substr(0, 16) + ".txt");
  PLASM_TRY_VOID(CreateFolders(file.parent_path(), 0700));
  PLASM_TRY_VOID(
      WriteFileAtomically(file, AsBytes("origin " + older.checkpoint.origin + "\n" + what + "\n\n" +
                                        older.Serialize() + "\n" + newer.Serialize())));
  PrintError("the log contradicts itself: " + what + ". Both checkpoints are kept in " +
             file.string());
  return kLogBad;
}

Result<int> Check(const Flags& flags, const DataFolder& data) {
  PLASM_TRY(LogSource source, OpenLog(flags.log, data));
  PLASM_TRY(tlog::LogReader reader, tlog::LogReader::Open(*source.storage, source.key));
  const tlog::TreeHead& head = reader.checkpoint().checkpoint.head;
  PLASM_TRY(const tlog::SignedCheckpoint older, CheckpointIn(flags.older));
  PLASM_TRY(const auto verified, tlog::ParseOwnCheckpoint(AsBytes(older.Serialize()), source.key));
  const tlog::TreeHead& before = verified.checkpoint.head;
  if (before.size > head.size) {
    return Error{ErrorCode::kConflict, "the log has " + std::to_string(head.size) + " entries, " +
                                           flags.older + " is of " + std::to_string(before.size) +
                                           ": this copy of the log is older"};
  }
  if (before.size == head.size && before.root != head.root) {
    return Equivocation(verified, reader.checkpoint(), data,
                        "two roots at size " + std::to_string(head.size));
  }
  const auto growth = reader.ConsistencyProof(before.size);
  if (!growth) return growth.error();
  if (growth->older.root != before.root) {
    return Equivocation(verified, reader.checkpoint(), data,
                        "the first " + std::to_string(before.size) + " entries are others now");
  }
  std::printf("consistent: %llu entries have become %llu\n",
              static_cast<unsigned long long>(before.size),
              static_cast<unsigned long long>(head.size));
  return kPlasmOk;
}

Result<int> Fsck(const Flags& flags, const DataFolder& data) {
  PLASM_TRY(LogSource source, OpenLog(flags.log, data));
  ProgressLine progress("checking");
  const auto checked =
      tlog::Fsck(*source.storage, source.key,
                 [&progress](std::uint64_t done, std::uint64_t all) { progress.Show(done, all); });
  progress.Clear();
  if (!checked && checked.error().code == ErrorCode::kCorrupt) {
    PrintError(checked.error().message);
    return kLogBad;
  }
  if (!checked) return checked.error();
  std::printf("sound: %llu entries, root %s\n",
              static_cast<unsigned long long>(checked->checkpoint.head.size),
              RootText(checked->checkpoint.head).c_str());
  return kPlasmOk;
}

// What the witness has seen last of this log, or 0.
Result<std::uint64_t> LastSeen(tlog::Folder& folder, const std::string& origin) {
  const auto bytes = folder.Read(Sha256Of(AsBytes(origin)).ToHex() + "/last", tlog::kMaxNoteBytes);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) return std::uint64_t{0};
  if (!bytes) return bytes.error();
  PLASM_TRY(const auto checkpoint, tlog::SignedCheckpoint::Parse(*bytes));
  return checkpoint.checkpoint.head.size;
}

Result<int> Cosign(const Flags& flags, const DataFolder& data) {
  PLASM_TRY(LogSource source, OpenLog(flags.log, data));
  PLASM_TRY(tlog::LogReader reader, tlog::LogReader::Open(*source.storage, source.key));
  SystemEntropy entropy;
  SystemClock clock;
  PLASM_TRY(const crypto::SigningKey key,
            crypto::LoadOrCreateSigningKey(data.root() / "witness.key", entropy));
  PLASM_TRY(tlog::SystemFolder state,
            tlog::SystemFolder::Open(data.witness(), tlog::SystemFolder::Access::kWrite));
  PLASM_TRY(tlog::Witness witness,
            tlog::Witness::Make(state, flags.witness_name, key, {source.key}, clock));
  PLASM_TRY(const std::uint64_t seen, LastSeen(state, source.key.name));
  tlog::AddCheckpointRequest request{
      .old_size = seen, .proof = {}, .checkpoint = reader.checkpoint()};
  if (seen > 0 && seen <= reader.size()) {
    PLASM_TRY(auto growth, reader.ConsistencyProof(seen));
    request.proof = std::move(growth.proof);
  }
  PLASM_TRY(const tlog::WitnessAnswer answer, witness.AddCheckpoint(request));
  if (!answer.cosignature) {
    const bool went_back =
        answer.status == tlog::WitnessStatus::kBadRequest && seen > reader.size();
    PrintError(went_back
                   ? "this witness has cosigned " + std::to_string(seen) +
                         " entries of this log, which has " + std::to_string(reader.size()) + " now"
                   : answer.reason);
    const bool contradiction = answer.status == tlog::WitnessStatus::kEquivocation ||
                               answer.status == tlog::WitnessStatus::kFrozen;
    if (contradiction) PrintError("the evidence is kept in " + data.witness().string());
    return contradiction ? kLogBad : static_cast<int>(kPlasmFailed);
  }
  const std::string line = tlog::SerializeSignatureLine(*answer.cosignature);
  if (flags.output.empty()) {
    std::fputs(line.c_str(), stdout);
  } else {
    PLASM_TRY_VOID(
        WriteFileAtomically(flags.output, AsBytes(reader.checkpoint().Serialize() + line)));
  }
  return kPlasmOk;
}

Result<int> WitnessKey(const Flags& flags, const DataFolder& data) {
  SystemEntropy entropy;
  PLASM_TRY(const crypto::SigningKey key,
            crypto::LoadOrCreateSigningKey(data.root() / "witness.key", entropy));
  const tlog::VerifierKey vkey{flags.witness_name, tlog::SignatureType::kCosignature,
                               key.public_key()};
  // What no policy could hold is not handed out.
  if (const auto readable = tlog::VerifierKey::FromText(vkey.ToText()); !readable) {
    return Error{ErrorCode::kInvalid,
                 "--name " + Quote(flags.witness_name) + ": " + readable.error().message};
  }
  std::printf("%s\n", vkey.ToText().c_str());
  return kPlasmOk;
}

using Action = Result<int> (*)(const Flags&, const DataFolder&);

CLI::App* AddAction(CLI::App& log_verb, const char* name, const char* what,
                    std::shared_ptr<Flags> flags, Action action, int& exit_status) {
  CLI::App* verb = log_verb.add_subcommand(name, what);
  AddDataDirFlag(*verb, flags->log.data_dir);
  verb->callback([flags, action, &exit_status] {
    const auto data = DataFolder::Locate(flags->log.data_dir);
    const auto done = data ? action(*flags, *data) : Result<int>(data.error());
    exit_status = done ? *done : Failed(done.error());
  });
  return verb;
}

void AddLogFlags(CLI::App& verb, LogFlags& flags) {
  verb.add_option("--log", flags.folder, "The log's folder [log/ of the data folder]")
      ->type_name("DIR");
  verb.add_option("--vkey", flags.vkey, "The log's key [from the cards that are known here]")
      ->type_name("VKEY");
}

void AddWitnessName(CLI::App& verb, Flags& flags) {
  verb.add_option("--name", flags.witness_name,
                  std::string("The witness's name [") + kDefaultWitnessName + "]")
      ->type_name("NAME");
}

}  // namespace

void AddLogVerb(CLI::App& app, int& exit_status) {
  CLI::App* log_verb = app.add_subcommand("log", "Transparency logs: look, check, stand witness");
  log_verb->require_subcommand(1);

  auto flags = std::make_shared<Flags>();
  CLI::App* show = AddAction(*log_verb, "show", "The checkpoint of a log, or one of its entries",
                             flags, Show, exit_status);
  AddLogFlags(*show, flags->log);
  show->add_option("INDEX", flags->entry, "Print this entry");
  show->add_flag("--json", flags->json, "As JSON");

  flags = std::make_shared<Flags>();
  CLI::App* prove = AddAction(*log_verb, "prove", "A new proof that a receipt is in a log", flags,
                              Prove, exit_status);
  AddLogFlags(*prove, flags->log);
  prove->add_option("ENTRY", flags->entry, "A receipt's file, or an entry's number")->required();
  prove
      ->add_option("--cosigned", flags->cosigned,
                   "The log's checkpoint with a witness's line (plasm log cosign -o); repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  prove->add_option("-o,--output-file", flags->output, "Where to write it [standard output]")
      ->type_name("FILE");

  flags = std::make_shared<Flags>();
  CLI::App* check =
      AddAction(*log_verb, "check", "Whether a log still has all that an older checkpoint promised",
                flags, Check, exit_status);
  AddLogFlags(*check, flags->log);
  check->add_option("OLDER", flags->older, "A checkpoint, or a .tlog-proof")->required();

  flags = std::make_shared<Flags>();
  CLI::App* fsck = AddAction(*log_verb, "fsck", "Check every entry and every tile of a log", flags,
                             Fsck, exit_status);
  AddLogFlags(*fsck, flags->log);

  flags = std::make_shared<Flags>();
  CLI::App* cosign =
      AddAction(*log_verb, "cosign", "Cosign a log's checkpoint, if it continues the last one seen",
                flags, Cosign, exit_status);
  AddLogFlags(*cosign, flags->log);
  AddWitnessName(*cosign, *flags);
  cosign
      ->add_option("-o,--output-file", flags->output,
                   "Write the checkpoint with the cosignature [the signature line alone, to "
                   "standard output]")
      ->type_name("FILE");

  flags = std::make_shared<Flags>();
  CLI::App* witness_key =
      AddAction(*log_verb, "witness-key", "This witness's key, for a policy; made if there is none",
                flags, WitnessKey, exit_status);
  AddWitnessName(*witness_key, *flags);
  log_verb->footer("Exit status: 0; 18 when a log contradicts itself; 1 for everything else.");
}

}  // namespace plasm::app
