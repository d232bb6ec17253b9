// What avahi-browse prints, of what anybody on the network may say: a hint is an endpoint that
// can be written and read.
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "discovery/browse_line.h"
#include "expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const auto hint = discovery::ParseBrowseLine(AsText(std::as_bytes(std::span(data, size))));
  if (!hint) return 0;
  FUZZ_EXPECT(hint->origin == discovery::HintOrigin::kLan && !hint->signed_version);
  const auto endpoint = net::Endpoint::Parse(hint->endpoint.ToString());
  FUZZ_EXPECT(endpoint.has_value());
  FUZZ_EXPECT(*endpoint == hint->endpoint);
  return 0;
}
