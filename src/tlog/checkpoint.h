// Checkpoints (C2SP tlog-checkpoint): what a log signs about its tree. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "tlog/merkle.h"
#include "tlog/note.h"

namespace plasm::tlog {

struct Checkpoint {
  std::string origin;
  TreeHead head;
  std::vector<std::string> extensions;  // lines without meaning here; none in our own logs

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;

  std::string Text() const;
  // kInvalid unless the text is what Text gives for a size of at most 2^63 - 1.
  static Result<Checkpoint> FromText(std::string_view text);
};

// A note whose text is a checkpoint. Who signed it is still to be found out.
struct SignedCheckpoint {
  Note note;
  Checkpoint checkpoint;

  friend bool operator==(const SignedCheckpoint&, const SignedCheckpoint&) = default;

  static Result<SignedCheckpoint> Parse(ByteView bytes);
  std::string Serialize() const { return SerializeNote(note); }
};

// The checkpoint with one signature, the log's, under the origin as key name.
SignedCheckpoint SignCheckpoint(Checkpoint checkpoint, const crypto::SigningKey& log_key);

// A log's key as it stands in its signature lines.
VerifierKey LogVerifierKey(std::string origin, const crypto::PublicKey& log_key);

}  // namespace plasm::tlog
