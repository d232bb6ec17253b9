// What a log asks of a witness: the body of tlog-witness's add-checkpoint. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "tlog/checkpoint.h"
#include "tlog/merkle.h"

namespace plasm::tlog {

struct AddCheckpointRequest {
  std::uint64_t old_size = 0;  // what the log takes for the witness's last size
  std::vector<Hash> proof;     // from there, at most kMaxProofHashes
  SignedCheckpoint checkpoint;

  friend bool operator==(const AddCheckpointRequest&, const AddCheckpointRequest&) = default;

  // kInvalid for another form, kLimitExceeded above the limits of notes.
  static Result<AddCheckpointRequest> Parse(ByteView bytes);
  std::string Serialize() const;
};

}  // namespace plasm::tlog
