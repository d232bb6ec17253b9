// Whether an entry is in a log: all of spec/log.md section 6. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "crypto/ed25519.h"
#include "tlog/merkle.h"
#include "tlog/policy.h"

namespace plasm::tlog {

// The log that the entry must be in. One that changed its key has several.
struct ExpectedLog {
  std::string origin;
  std::vector<crypto::PublicKey> keys;
};

enum class LoggedEntryStatus {
  kLogged,
  kBadLogProof,   // the entry is not shown to be in the expected log
  kNotWitnessed,  // it is, but too few witnesses have seen that tree
};

struct LoggedEntryCheck {
  LoggedEntryStatus status = LoggedEntryStatus::kBadLogProof;
  std::string reason;  // for a person; empty when logged

  // What follows is set unless kBadLogProof.
  std::uint64_t index = 0;
  TreeHead head;
  crypto::PublicKey log_key;           // which of the expected keys signed
  std::vector<std::string> cosigners;  // names in the policy of the witnesses that count
};

// A cosignature from further ahead does not count.
inline constexpr std::uint64_t kMaxCosignatureAheadSeconds = 5 * 60;

// `policy` may be null: then no witnesses are asked for. `now` is in seconds since the epoch.
LoggedEntryCheck CheckLoggedEntry(ByteView entry, ByteView proof_file, const ExpectedLog& log,
                                  const Policy* policy, std::uint64_t now);

}  // namespace plasm::tlog
