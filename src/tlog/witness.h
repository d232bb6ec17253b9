// A witness (spec/log.md section 5, C2SP tlog-witness): cosigns a log's checkpoints as long as
// each continues the last.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "tlog/checkpoint.h"
#include "tlog/folder.h"
#include "tlog/note.h"
#include "tlog/witness_request.h"

namespace plasm::tlog {

enum class WitnessStatus {  // in brackets: the HTTP status of tlog-witness
  kCosigned,                // (200)
  kBadRequest,              // (400) the old size is larger than the checkpoint's
  kBadSignature,            // (403) no trusted key has signed, or its line does not verify
  kUnknownLog,              // (404) no key is trusted for the origin
  kOtherSize,               // (409) the old size is not the witness's last one, which is given
  kBadProof,      // (422) the proof does not show that the checkpoint continues the last one
  kEquivocation,  // (422) the log contradicts itself; the evidence has been kept
  kFrozen,        // (422) it has done so before, and nobody has looked into it since
};

struct WitnessAnswer {
  WitnessStatus status = WitnessStatus::kBadRequest;
  std::string reason;                        // for a person; empty when cosigned
  std::uint64_t last_size = 0;               // with kOtherSize
  std::optional<NoteSignature> cosignature;  // with kCosigned
};

// State is kept in a folder for each origin, whose name is the SHA-256 of the origin in hex:
//   last        the checkpoint that was recorded last, with the log's signature
//   checkpoint  the same with the cosignature, for monitors; it may be one behind
//   evidence    origin, size and both checkpoints after an equivocation. While it is there the
//               log gets no cosignature; the operator removes it.
// One thread at a time: check and record must not be interleaved.
class Witness {
 public:
  // `name` is a key name. The logs' keys are named by their origins; several for one origin
  // are possible. Folder, key and clock outlive this. kInvalid for a bad name.
  static Result<Witness> Make(Folder& folder, std::string name, const crypto::SigningKey& key,
                              std::vector<VerifierKey> logs, Clock& clock);

  VerifierKey verifier() const { return {name_, SignatureType::kCosignature, key_->public_key()}; }

  // An error is one of reading or writing the state: then nothing has been cosigned.
  Result<WitnessAnswer> AddCheckpoint(const AddCheckpointRequest& request);

 private:
  Witness(Folder& folder, std::string name, const crypto::SigningKey& key,
          std::vector<VerifierKey> logs, Clock& clock)
      : folder_(&folder),
        name_(std::move(name)),
        key_(&key),
        logs_(std::move(logs)),
        clock_(&clock) {}

  Result<std::optional<SignedCheckpoint>> Last(const std::string& folder) const;
  Result<void> Replace(const std::string& folder, std::string_view name, std::string_view text);
  Result<WitnessAnswer> KeepEvidence(const std::string& folder, const SignedCheckpoint& last,
                                     const AddCheckpointRequest& request,
                                     const SignedCheckpoint& submitted);

  Folder* folder_;
  std::string name_;
  const crypto::SigningKey* key_;
  std::vector<VerifierKey> logs_;
  Clock* clock_;
};

}  // namespace plasm::tlog
