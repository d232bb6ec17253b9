// Envelopes: what is accepted is the same after the way there and back.
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "expect.h"
#include "receipt/envelope.h"
#include "receipt/statement.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const auto envelope =
      receipt::ParseEnvelope(std::as_bytes(std::span(data, size)), receipt::ReceiptForm());
  if (!envelope) {
    FUZZ_EXPECT(envelope.error().message.starts_with("envelope"));
    return 0;
  }
  FUZZ_EXPECT(envelope->payload_type == receipt::kReceiptPayloadType);
  FUZZ_EXPECT(envelope->signatures.size() <= 1);
  const auto again = receipt::ParseEnvelope(AsBytes(receipt::SerializeEnvelope(*envelope)),
                                            receipt::ReceiptForm());
  FUZZ_EXPECT(again.has_value() && *again == *envelope);
  return 0;
}
