#include "tlog/logged_entry.h"

#include <algorithm>
#include <optional>

#include "base/quote.h"
#include "tlog/checkpoint.h"
#include "tlog/proof_file.h"
#include "tlog/tile.h"

namespace plasm::tlog {
namespace {

LoggedEntryCheck Bad(std::string reason) {
  LoggedEntryCheck check;
  check.reason = std::move(reason);
  return check;
}

bool ListsLog(const Policy& policy, const VerifierKey& key) {
  return policy.logs().empty() ||
         std::ranges::any_of(policy.logs(), [&](const PolicyLog& log) { return log.key == key; });
}

// The keys whose lines must verify: the expected log's, then those of the policy's witnesses.
std::vector<VerifierKey> KnownKeys(const ExpectedLog& log, const Policy* policy) {
  std::vector<VerifierKey> known;
  for (const crypto::PublicKey& key : log.keys) known.push_back(LogVerifierKey(log.origin, key));
  if (policy == nullptr) return known;
  for (const PolicyWitness& witness : policy->witnesses()) known.push_back(witness.key);
  return known;
}

}  // namespace

LoggedEntryCheck CheckLoggedEntry(ByteView entry, ByteView proof_file, const ExpectedLog& log,
                                  const Policy* policy, std::uint64_t now) {
  const auto proof = ProofFile::Parse(proof_file);
  if (!proof) return Bad(proof.error().message);
  const Checkpoint& checkpoint = proof->checkpoint.checkpoint;
  if (checkpoint.origin != log.origin) {
    return Bad("checkpoint origin: found " + Quote(checkpoint.origin) + ", expected " +
               Quote(log.origin));
  }
  const std::vector<VerifierKey> known = KnownKeys(log, policy);
  const auto verified = VerifyNote(proof->checkpoint.note, known);
  if (!verified) return Bad(verified.error().message);

  std::optional<std::size_t> signer;
  std::vector<bool> cosigned(policy == nullptr ? 0 : policy->witnesses().size());
  for (const VerifiedSignature& signature : *verified) {
    if (signature.key < log.keys.size()) {
      if (policy == nullptr || ListsLog(*policy, known[signature.key])) signer = signature.key;
    } else if (signature.time <= now + std::min(kMaxCosignatureAheadSeconds, ~now)) {
      cosigned[signature.key - log.keys.size()] = true;
    }
  }
  if (!signer) {
    return Bad("checkpoint: not signed by a key of " + Quote(log.origin) +
               " that is expected and listed in the policy");
  }
  if (entry.size() > kMaxEntryBytes) return Bad("entry: larger than 65,535 bytes");
  if (const auto included =
          VerifyInclusion(LeafHash(entry), proof->index, checkpoint.head, proof->hashes);
      !included) {
    return Bad(included.error().message);
  }

  LoggedEntryCheck check{.status = LoggedEntryStatus::kLogged,
                         .reason = {},
                         .index = proof->index,
                         .head = checkpoint.head,
                         .log_key = log.keys[*signer],
                         .cosigners = {}};
  if (policy == nullptr) return check;
  for (std::size_t i = 0; i < cosigned.size(); ++i) {
    if (cosigned[i]) check.cosigners.push_back(policy->witnesses()[i].name);
  }
  if (!policy->QuorumReached(cosigned)) {
    check.status = LoggedEntryStatus::kNotWitnessed;
    check.reason = "the policy's quorum is not reached: " + std::to_string(check.cosigners.size()) +
                   " of its " + std::to_string(cosigned.size()) + " witnesses have cosigned";
  }
  return check;
}

}  // namespace plasm::tlog
