// A file of run times: what is read is written and read again as the same.
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"
#include "client/run_times.h"
#include "expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const auto times = client::RunTimes::Parse(std::as_bytes(std::span(data, size)));
  if (!times) return 0;
  const std::string text = times->Serialize();
  const auto again = client::RunTimes::Parse(AsBytes(text));
  FUZZ_EXPECT(again.has_value());
  FUZZ_EXPECT(again->Serialize() == text);
  return 0;
}
