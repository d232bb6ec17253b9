// Node cards, both as payload and in their envelope: what is accepted survives the way there and
// back and keeps the rules.
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "crypto/public_key_text.h"
#include "expect.h"
#include "trust/node_card.h"
#include "trust/trust_state.h"

namespace {

void ExpectSound(const plasm::trust::NodeCard& card) {
  using namespace plasm;
  FUZZ_EXPECT(trust::CheckNodeCard(card).has_value());
  const auto again = trust::ParseNodeCard(AsBytes(trust::SerializeNodeCard(card)));
  // Times without a fraction grow when they are written, so that a full card may not fit again.
  if (!again) {
    FUZZ_EXPECT(again.error().code == ErrorCode::kLimitExceeded);
    return;
  }
  FUZZ_EXPECT(*again == card);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const ByteView bytes = std::as_bytes(std::span(data, size));
  if (const auto card = trust::ParseNodeCard(bytes)) ExpectSound(*card);
  const auto opened = trust::OpenNodeCard(bytes);
  if (!opened) return 0;
  ExpectSound(opened->card);
  // The right signature alone makes nobody trusted.
  trust::TrustState nobody;
  FUZZ_EXPECT(!nobody.TakeCard(*opened).has_value());
  return 0;
}
