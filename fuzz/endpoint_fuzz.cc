// Addresses of servers: what is accepted has one spelling, which is accepted too.
#include <cstdint>
#include <string_view>

#include "expect.h"
#include "net/endpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const auto endpoint =
      net::Endpoint::Parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!endpoint) return 0;
  const auto again = net::Endpoint::Parse(endpoint->ToString());
  FUZZ_EXPECT(again && *again == *endpoint);
  FUZZ_EXPECT((endpoint->kind == net::Endpoint::Kind::kUnix) == !endpoint->path.empty());
  return 0;
}
