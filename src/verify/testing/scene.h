// For tests: a node, its log with two witnesses, a job and its receipt. As it is, everything that
// can be asked of the receipt is right; a test changes one thing or two.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "receipt/testing/examples.h"
#include "tlog/checkpoint.h"
#include "tlog/cosignature.h"
#include "tlog/proof_file.h"
#include "trust/testing/cards.h"
#include "verify/verification.h"

namespace plasm::verify::testing {

using trust::testing::KeyFrom;
using trust::testing::kLogKey;
using trust::testing::kReceiptKey;
using trust::testing::PublicFrom;
using trust::testing::Time;

inline constexpr unsigned char kFirstWitness = 20;
inline constexpr std::uint64_t kNow = 1'783'000'000;  // July 2026, a day after the run

inline receipt::Statement BaseStatement() {
  receipt::Statement statement = receipt::testing::ExampleStatement();
  statement.observed.start = Time("2026-07-01T10:00:00.000Z");
  statement.observed.end = Time("2026-07-01T10:00:00.125Z");
  statement.node.identity = trust::testing::FingerprintFrom(trust::testing::kIdentity);
  statement.node.log = trust::testing::kOrigin;
  return statement;
}

struct Scene {
  explicit Scene(receipt::Signing signing = receipt::Signing::kEach) {
    statement.node.signing = signing;
    const bool batch = signing == receipt::Signing::kBatch;
    statement.node.key = trust::testing::FingerprintFrom(batch ? kLogKey : kReceiptKey);
  }

  bool batch() const { return statement.node.signing == receipt::Signing::kBatch; }

  // The card's entry for the key that answers.
  trust::NodeKey& AnsweringKey() { return card.keys[batch() ? 1 : 0]; }

  static tlog::VerifierKey WitnessKey(unsigned char i) {
    return {"w.example/" + std::to_string(i), tlog::SignatureType::kCosignature,
            PublicFrom(static_cast<unsigned char>(kFirstWitness + i))};
  }

  // The log, and both witnesses of two.
  static std::string PolicyText() {
    const auto log =
        tlog::LogVerifierKey(std::string(trust::testing::kOrigin), PublicFrom(kLogKey));
    return "log " + log.ToText() + "\nwitness w0 " + WitnessKey(0).ToText() + "\nwitness w1 " +
           WitnessKey(1).ToText() + "\ngroup both all w0 w1\nquorum both\n";
  }

  std::string Receipt() const {
    const std::string payload = receipt::SerializeStatement(statement);
    receipt::Envelope envelope =
        receipt::SignEnvelope(std::string(receipt::kReceiptPayloadType),
                              receipt::testing::ToBytes(payload), KeyFrom(signer));
    if (batch()) envelope.signatures.clear();
    return receipt::SerializeEnvelope(envelope) + after_receipt;
  }

  // The receipt is the second of three entries.
  std::string Proof() const {
    const std::string payload = receipt::SerializeStatement(statement);
    const std::string entry = receipt::LogEntry(receipt::LeafReceiptDigest(AsBytes(payload)));
    const std::vector<tlog::Hash> leaves = {tlog::LeafHash(AsBytes("first")),
                                            tlog::LeafHash(AsBytes(entry)),
                                            tlog::LeafHash(AsBytes("third"))};
    tlog::ProofFile file;
    file.index = index;
    file.hashes = {leaves[0], leaves[2]};
    file.checkpoint = tlog::SignCheckpoint(
        {std::string(trust::testing::kOrigin), {3, tlog::RootOfLeaves(leaves)}, {}},
        KeyFrom(kLogKey));
    for (unsigned char i = 0; i < cosigners; ++i) {
      auto& note = file.checkpoint.note;
      note.signatures.push_back(tlog::Cosign(note.text, WitnessKey(i).name,
                                             KeyFrom(static_cast<unsigned char>(kFirstWitness + i)),
                                             kNow));
    }
    return file.Serialize();
  }

  // The manifest, and what the receipt says of it, belong together.
  void SetNotAfter(UtcTime time) {
    manifest.not_after = time;
    statement.job.not_after = time;
    statement.job.manifest = receipt::ManifestDigest(AsBytes(receipt::SerializeManifest(manifest)));
  }

  Verification Verify() const {
    const std::string receipt = Receipt();
    const std::string proof = Proof();
    const std::string manifest_text = receipt::SerializeManifest(manifest);
    trust::TrustState state;
    if (trusted) {
      trust::TrustFile file;
      if (!file.Add(node)) return {};
      state = trust::TrustState(std::move(file));
      (void)state.TakeCard(trust::testing::Opened(card));
    }
    const tlog::Policy policy = *tlog::Policy::Parse(AsBytes(policy_text));

    Evidence evidence;
    evidence.receipt = AsBytes(receipt);
    if (has_proof) evidence.proof = AsBytes(proof);
    evidence.key = key;
    if (trusted) evidence.trusted = &state;
    if (has_policy) evidence.policy = &policy;
    if (has_standing_policy) evidence.standing_policy = &policy;
    if (has_manifest) evidence.manifest = AsBytes(manifest_text);
    evidence.nonce = nonce;
    evidence.outputs = outputs;
    evidence.now_seconds = kNow;
    return verify::Verify(evidence);
  }

  receipt::Manifest manifest = receipt::testing::ExampleManifest();
  receipt::Statement statement = BaseStatement();
  std::string after_receipt;
  unsigned char signer = kReceiptKey;

  bool has_proof = true;
  std::uint64_t index = 1;
  unsigned char cosigners = 2;

  bool trusted = true;
  trust::NodeCard card = trust::testing::ExampleCard();
  trust::TrustedNode node = trust::testing::NodeA(trust::TrustLevel::kWitnessed);
  std::optional<crypto::PublicKey> key;
  bool has_policy = true;
  bool has_standing_policy = false;
  std::string policy_text = PolicyText();
  bool has_manifest = true;
  std::optional<std::string> nonce = manifest.nonce;
  std::vector<OutputAtHand> outputs = {{"stdout.bin", "stdout", receipt::testing::DigestOf("out")}};
};

}  // namespace plasm::verify::testing
