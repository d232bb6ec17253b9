// Receipts v1: what is accepted survives the way there and back, and nothing is valid while
// nobody is trusted.
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "expect.h"
#include "receipt/receipt_v1_verify.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const auto verified = receipt::VerifyReceiptV1(std::as_bytes(std::span(data, size)), {});
  FUZZ_EXPECT(receipt::VerdictExitCode(verified.verdict) != 0);
  FUZZ_EXPECT(!verified.reason.empty());
  FUZZ_EXPECT(verified.receipt.has_value() == (verified.verdict != receipt::Verdict::kMalformed));
  if (!verified.receipt) return 0;
  const auto again = receipt::ParseReceiptV1(
      AsBytes(receipt::SerializeReceiptV1(*verified.receipt, JsonStyle::kPretty)));
  FUZZ_EXPECT(again.has_value() && *again == *verified.receipt);
  return 0;
}
