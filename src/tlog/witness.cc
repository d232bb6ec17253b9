#include "tlog/witness.h"

#include <algorithm>
#include <utility>

#include "base/quote.h"
#include "base/sha256.h"
#include "tlog/cosignature.h"
#include "tlog/hash_lines.h"

namespace plasm::tlog {
namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

WitnessAnswer Refuse(WitnessStatus status, std::string reason, std::uint64_t last_size = 0) {
  WitnessAnswer answer;
  answer.status = status;
  answer.reason = std::move(reason);
  answer.last_size = last_size;
  return answer;
}

}  // namespace

Result<Witness> Witness::Make(Folder& folder, std::string name, const crypto::SigningKey& key,
                              std::vector<VerifierKey> logs, Clock& clock) {
  if (!IsKeyName(name) || name.size() > kMaxKeyNameBytes) {
    return Error{ErrorCode::kInvalid,
                 "witness name: found " + Quote(name) + ", expected no blanks and no plus"};
  }
  return Witness(folder, std::move(name), key, std::move(logs), clock);
}

Result<std::optional<SignedCheckpoint>> Witness::Last(const std::string& folder) const {
  const auto bytes = folder_->Read(folder + "/last", kMaxNoteBytes);
  if (!bytes) {
    if (bytes.error().code == ErrorCode::kNotFound) return std::optional<SignedCheckpoint>();
    return bytes.error();
  }
  auto last = SignedCheckpoint::Parse(*bytes);
  // It must not pass for a log that was never seen.
  if (!last) return Error{ErrorCode::kCorrupt, folder + "/last: " + last.error().message};
  return std::optional(*std::move(last));
}

Result<void> Witness::Replace(const std::string& folder, std::string_view name,
                              std::string_view text) {
  const std::string path = folder + "/" + std::string(name);
  const std::string fresh = path + ".new";
  PLASM_TRY_VOID(folder_->CreateFolder(folder));
  PLASM_TRY_VOID(folder_->RemoveFile(fresh));
  PLASM_TRY_VOID(folder_->CreateFile(fresh, AsBytes(text)));
  PLASM_TRY_VOID(folder_->SyncFile(fresh));
  PLASM_TRY_VOID(folder_->Rename(fresh, path));
  PLASM_TRY_VOID(folder_->SyncFolder(folder));
  return folder_->SyncFolder("");
}

Result<WitnessAnswer> Witness::KeepEvidence(const std::string& folder, const SignedCheckpoint& last,
                                            const AddCheckpointRequest& request,
                                            const SignedCheckpoint& submitted) {
  const Checkpoint& checkpoint = submitted.checkpoint;
  std::string text = "urn:plasm:equivocation:v1\norigin " + checkpoint.origin + "\nsize " +
                     std::to_string(last.checkpoint.head.size) + "\n\nrecorded\n" +
                     last.Serialize() + "\nsubmitted\n" + submitted.Serialize();
  if (!request.proof.empty()) text += "\nproof\n" + HashLines(request.proof);
  PLASM_TRY_VOID(Replace(folder, "evidence", text));
  return Refuse(
      WitnessStatus::kEquivocation,
      Quote(checkpoint.origin) + " has signed two histories: see " + folder + "/evidence");
}

Result<WitnessAnswer> Witness::AddCheckpoint(const AddCheckpointRequest& request) {
  const Checkpoint& checkpoint = request.checkpoint.checkpoint;
  std::vector<VerifierKey> known;
  std::ranges::copy_if(logs_, std::back_inserter(known), [&](const VerifierKey& log) {
    return log.name == checkpoint.origin && log.type == SignatureType::kEd25519;
  });
  if (known.empty()) {
    return Refuse(WitnessStatus::kUnknownLog, "no key for " + Quote(checkpoint.origin));
  }
  const auto verified = VerifyNote(request.checkpoint.note, known);
  if (!verified) return Refuse(WitnessStatus::kBadSignature, verified.error().message);
  // Only the log's own lines are kept: others could be anybody's.
  SignedCheckpoint submitted{{request.checkpoint.note.text, {}}, checkpoint};
  for (const VerifiedSignature& signature : *verified) {
    submitted.note.signatures.push_back(request.checkpoint.note.signatures[signature.line]);
  }

  const std::string folder = Sha256Of(AsBytes(checkpoint.origin)).ToHex();
  PLASM_TRY(const bool has_evidence, folder_->Exists(folder + "/evidence"));
  if (has_evidence) {
    return Refuse(WitnessStatus::kFrozen, "there is evidence against " + Quote(checkpoint.origin));
  }
  PLASM_TRY(const auto recorded, Last(folder));
  const TreeHead last = recorded ? recorded->checkpoint.head : TreeHead{0, EmptyRoot()};
  // The one contradiction that needs no proof is looked for first.
  if (recorded && checkpoint.head.size == last.size && checkpoint.head.root != last.root) {
    return KeepEvidence(folder, *recorded, request, submitted);
  }
  if (request.old_size > checkpoint.head.size) {
    return Refuse(WitnessStatus::kBadRequest, "the old size is larger than the checkpoint's");
  }
  if (request.old_size != last.size) {
    return Refuse(WitnessStatus::kOtherSize, "the last size is " + std::to_string(last.size),
                  last.size);
  }
  switch (CompareHeads(last, checkpoint.head, request.proof)) {
    case Consistency::kConsistent:
      break;
    case Consistency::kInconsistent:
      // Before the first record there is only the empty tree, which no log contradicts but one
      // that gives it another root.
      if (recorded) return KeepEvidence(folder, *recorded, request, submitted);
      [[fallthrough]];
    case Consistency::kUnproven:
      return Refuse(WitnessStatus::kBadProof, "the proof does not lead from the last checkpoint");
  }

  PLASM_TRY_VOID(Replace(folder, "last", submitted.Serialize()));
  NoteSignature line =
      Cosign(submitted.note.text, name_, *key_, clock_->RealtimeNs() / kNsPerSecond);
  submitted.note.signatures.push_back(line);
  PLASM_TRY_VOID(Replace(folder, "checkpoint", submitted.Serialize()));
  WitnessAnswer answer;
  answer.status = WitnessStatus::kCosigned;
  answer.cosignature = std::move(line);
  return answer;
}

}  // namespace plasm::tlog
