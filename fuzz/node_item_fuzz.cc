// Items of the DHT: what is read survives the way there and back and fits, and no signature but
// the right one is taken.
#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "discovery/node_item.h"
#include "expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const ByteView bytes = std::as_bytes(std::span(data, size));
  const auto item = discovery::ParseNodeItem(bytes);
  if (!item) return 0;
  FUZZ_EXPECT(bytes.size() <= discovery::kMaxItemBytes);
  const auto again = discovery::ParseNodeItem(AsBytes(discovery::SerializeNodeItem(*item)));
  FUZZ_EXPECT(again.has_value());
  FUZZ_EXPECT(again->card == item->card && again->version == item->version);
  FUZZ_EXPECT(again->expires == item->expires);
  // Ports are written out, so that a full item may lose endpoints; those that stay are the first.
  FUZZ_EXPECT(again->endpoints.size() <= item->endpoints.size());
  for (std::size_t i = 0; i < again->endpoints.size(); ++i) {
    FUZZ_EXPECT(again->endpoints[i] == item->endpoints[i]);
  }
  const std::array<std::byte, crypto::SigningKey::kSeedSize> seed{};
  const crypto::SigningKey key = crypto::SigningKey::FromSeed(seed);
  discovery::DhtItem signed_item = discovery::SignNodeItem(*item, 1, key);
  const UtcTime now = item->expires;
  discovery::ItemReader reader;
  FUZZ_EXPECT(reader.Accept(signed_item, now).has_value());
  signed_item.seq = 2;
  FUZZ_EXPECT(!reader.Accept(signed_item, now).has_value());
  return 0;
}
