// Policies: one witness more never breaks a quorum, all of them reach every quorum, and none
// reach only the one that asks for none.
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "expect.h"
#include "tlog/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  using namespace plasm::tlog;
  const ByteView bytes = std::as_bytes(std::span(data, size));
  const auto policy = Policy::Parse(bytes);
  if (!policy) {
    FUZZ_EXPECT(!policy.error().message.empty());
    return 0;
  }
  std::vector<bool> cosigned(policy->witnesses().size());
  bool reached = policy->QuorumReached(cosigned);
  FUZZ_EXPECT(!reached || AsText(bytes).find("none") != std::string_view::npos);
  for (std::size_t i = 0; i < cosigned.size(); ++i) {
    cosigned[i] = true;
    const bool now = policy->QuorumReached(cosigned);
    FUZZ_EXPECT(now || !reached);
    reached = now;
  }
  FUZZ_EXPECT(reached);
  return 0;
}
