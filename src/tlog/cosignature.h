// Cosignatures (C2SP tlog-cosignature, Ed25519, "cosignature/v1"): a witness states that it has
// seen no larger tree of a log at some time. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "crypto/ed25519.h"
#include "tlog/note.h"

namespace plasm::tlog {

// The line that a witness of this name adds to a checkpoint with this text. `time` is in
// seconds since the epoch, at most 2^63 - 1, which the caller sees to.
NoteSignature Cosign(std::string_view checkpoint_text, std::string name,
                     const crypto::SigningKey& key, std::uint64_t time);

// The time of the cosignature, from the bytes after the key id; nothing when it is not the
// key's over this text.
std::optional<std::uint64_t> VerifyCosignature(std::string_view checkpoint_text,
                                               const crypto::PublicKey& key, ByteView signature);

}  // namespace plasm::tlog
