// The verdict on a receipt, from everything that is at hand (spec/receipt.md section 8, but
// for running the job again).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "crypto/ed25519.h"
#include "receipt/manifest_v1.h"
#include "receipt/receipt_v1.h"
#include "receipt/statement.h"
#include "receipt/verdict.h"
#include "tlog/policy.h"
#include "trust/trust_state.h"
#include "verify/output_match.h"

namespace plasm::verify {

// What a verifier has. Pointers may be null, views may be of nothing; all outlive the call.
struct Evidence {
  ByteView receipt{};
  std::optional<ByteView> proof{};         // the .tlog-proof that came with it
  std::optional<crypto::PublicKey> key{};  // pinned for this call: nobody else is asked
  const trust::TrustState* trusted = nullptr;
  const tlog::Policy* policy = nullptr;           // demanded for this call
  const tlog::Policy* standing_policy = nullptr;  // for nodes of the level `witnessed`
  std::optional<ByteView> manifest{};
  std::optional<std::string> nonce{};  // hex, of the verifier's own request
  std::vector<OutputAtHand> outputs{};
  std::uint64_t now_seconds = 0;  // since the epoch: for cosignatures only
};

// Where the receipt stands in its node's log.
struct LogPlace {
  std::string origin;
  std::uint64_t index = 0;
  std::uint64_t tree_size = 0;
  std::vector<std::string> witnesses;  // that count, by their names in the policy
};

struct Verification {
  receipt::Verdict verdict = receipt::Verdict::kMalformed;
  std::string reason;  // what exactly is wrong, for people; empty when valid

  // As far as it was parsed: not to be believed unless the verdict is a valid one.
  std::optional<receipt::Statement> statement;
  std::optional<receipt::ReceiptV1> legacy;

  std::optional<std::string> node_name;  // in the trust file
  std::optional<trust::TrustLevel> level;
  std::optional<receipt::Manifest> manifest;  // the one that was given, once it was checked
  std::optional<LogPlace> log;                // once the proof was checked
  std::vector<std::string> matched_outputs;   // the subjects of Evidence::outputs, in order
  std::vector<std::string> notes;             // what was not looked at, and why
};

// Pure, thread-safe. Never fails: what is wrong with the receipt is the verdict. Whoever wants
// a replay does it after kValid.
Verification Verify(const Evidence& evidence);

}  // namespace plasm::verify
