// Receipts with their proofs, before one fixed set of trusted nodes: nobody but the node makes
// something that is valid. Input: the receipt; behind a NUL, which no receipt has, the proof.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "expect.h"
#include "receipt/receipt_v2.h"
#include "verify/testing/scene.h"

namespace {

using namespace plasm;
using verify::testing::Scene;

// What the node has signed: one receipt in each way. Its text may be written in other ways, and
// the keyid is a hint that nobody has signed; payload and signature are as they were.
bool IsTheNodes(const receipt::Envelope& envelope) {
  static const auto kOwn = [](receipt::Signing signing) {
    const std::string text = Scene(signing).Receipt();
    return receipt::ParseReceiptV2(AsBytes(text)).value().envelope;
  };
  static const receipt::Envelope kEach = kOwn(receipt::Signing::kEach);
  static const receipt::Envelope kBatch = kOwn(receipt::Signing::kBatch);
  const receipt::Envelope& own = envelope.signatures.empty() ? kBatch : kEach;
  return envelope.payload_type == own.payload_type && envelope.payload == own.payload &&
         std::ranges::equal(envelope.signatures, own.signatures, {},
                            &receipt::EnvelopeSignature::signature,
                            &receipt::EnvelopeSignature::signature);
}

trust::TrustState NodeOfLevel(trust::TrustLevel level) {
  trust::TrustFile file;
  FUZZ_EXPECT(file.Add(trust::testing::NodeA(level)).has_value());
  trust::TrustState state(std::move(file));
  FUZZ_EXPECT(state.TakeCard(trust::testing::Opened(trust::testing::ExampleCard())).has_value());
  return state;
}

void ExpectOnlyTheNodesReceiptsAreValid(const verify::Evidence& evidence) {
  const verify::Verification found = verify::Verify(evidence);
  // No key is pinned, and without one there is no valid receipt v0.1.
  FUZZ_EXPECT(found.verdict != receipt::Verdict::kValidLegacyUnbound);
  FUZZ_EXPECT(found.reason.empty() == (found.verdict == receipt::Verdict::kValid));
  if (found.verdict != receipt::Verdict::kValid) return;
  const auto receipt = receipt::ParseReceiptV2(evidence.receipt);
  FUZZ_EXPECT(receipt.has_value());
  FUZZ_EXPECT(IsTheNodes(receipt->envelope));
  FUZZ_EXPECT(found.statement == receipt->statement);
  if (evidence.policy == nullptr) return;
  FUZZ_EXPECT(found.log && found.log->index == 1 && found.log->tree_size == 3);
  FUZZ_EXPECT(found.log->witnesses.size() == 2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const trust::TrustState kSigned = NodeOfLevel(trust::TrustLevel::kSigned);
  static const tlog::Policy kPolicy = tlog::Policy::Parse(AsBytes(Scene::PolicyText())).value();

  const ByteView input = std::as_bytes(std::span(data, size));
  const auto nul = std::ranges::find(input, std::byte{0});
  const auto receipt_size = static_cast<std::size_t>(nul - input.begin());
  verify::Evidence evidence;
  evidence.receipt = input.first(receipt_size);
  if (receipt_size < size) evidence.proof = input.subspan(receipt_size + 1);
  evidence.trusted = &kSigned;
  evidence.now_seconds = verify::testing::kNow;
  ExpectOnlyTheNodesReceiptsAreValid(evidence);
  evidence.policy = &kPolicy;
  ExpectOnlyTheNodesReceiptsAreValid(evidence);
  return 0;
}
