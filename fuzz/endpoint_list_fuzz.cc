// Lists of nodes, and of nodes of the DHT: what is read can be written and read again.
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"
#include "discovery/dht_nodes_file.h"
#include "discovery/list_source.h"
#include "expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const ByteView bytes = std::as_bytes(std::span(data, size));
  if (const auto list = discovery::ParseEndpointList(bytes)) {
    std::string text;
    for (const net::Endpoint& endpoint : *list) text += endpoint.ToString() + "\n";
    const auto again = discovery::ParseEndpointList(AsBytes(text));
    // Written out, a full list may be too long.
    FUZZ_EXPECT(again ? *again == *list : text.size() > discovery::kMaxEndpointListBytes);
  }
  const auto nodes = discovery::ParseDhtNodes(bytes);
  FUZZ_EXPECT(nodes.size() <= discovery::kMostSavedNodes);
  std::string text;
  for (const discovery::PeerAddress& node : nodes) text += node.ToString() + "\n";
  FUZZ_EXPECT(discovery::ParseDhtNodes(AsBytes(text)) == nodes);
  return 0;
}
