// Bundles of a quorum: what is accepted is the same after the way there and back.
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "expect.h"
#include "receipt/quorum_bundle.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const ByteView bytes = std::as_bytes(std::span(data, size));
  const auto bundle = receipt::ParseQuorumBundle(bytes);
  if (!bundle) {
    FUZZ_EXPECT(bundle.error().message.starts_with("bundle"));
    return 0;
  }
  FUZZ_EXPECT(receipt::IsQuorumBundle(bytes));
  FUZZ_EXPECT(!bundle->answers.empty() && bundle->answers.size() <= receipt::kMaxAnswers);
  FUZZ_EXPECT(bundle->agree >= 1 && bundle->agree <= receipt::kMaxAnswers);
  const auto again = receipt::ParseQuorumBundle(AsBytes(receipt::SerializeQuorumBundle(*bundle)));
  FUZZ_EXPECT(again.has_value() && *again == *bundle);
  return 0;
}
