// What a server says to our client.
#include <cstdint>
#include <string_view>

#include "expect.h"
#include "net/response_head.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const std::string_view stream(reinterpret_cast<const char*>(data), size);
  const auto parsed = net::ParseResponseHead(stream, "GET", 1024);
  if (!parsed || !*parsed) return 0;
  const auto& [head, head_size] = **parsed;
  FUZZ_EXPECT(head_size <= size && head_size <= 1024);
  FUZZ_EXPECT(head.status >= 100 && head.status <= 599);
  FUZZ_EXPECT(head.length <= INT64_MAX);
  // What follows changes nothing.
  const auto alone = net::ParseResponseHead(stream.substr(0, head_size), "GET", 1024);
  FUZZ_EXPECT(alone && *alone && (*alone)->second == head_size);
  return 0;
}
