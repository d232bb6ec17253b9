// Proofs that travel with an entry: C2SP tlog-proof, the ".tlog-proof" file. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "tlog/checkpoint.h"
#include "tlog/merkle.h"

namespace plasm::tlog {

inline constexpr std::size_t kMaxProofFileBytes = 64 * 1024;

struct ProofFile {
  Bytes extra;  // nobody vouches for it; empty is none
  std::uint64_t index = 0;
  std::vector<Hash> hashes;  // from the leaf's sibling upwards, at most kMaxProofHashes
  SignedCheckpoint checkpoint;

  friend bool operator==(const ProofFile&, const ProofFile&) = default;

  // kInvalid for another form, kLimitExceeded above the sizes. Whether the proof holds is
  // another question (tlog/logged_entry.h).
  static Result<ProofFile> Parse(ByteView bytes);
  // Gives back the bytes that Parse took.
  std::string Serialize() const;
};

// What Serialize gives for the same parts, `checkpoint` being the text of a SignedCheckpoint: a
// group of proofs has one.
std::string ProofFileText(ByteView extra, std::uint64_t index, std::span<const Hash> hashes,
                          std::string_view checkpoint);

}  // namespace plasm::tlog
