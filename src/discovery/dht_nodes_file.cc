#include "discovery/dht_nodes_file.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/file.h"

namespace plasm::discovery {
namespace {

constexpr std::size_t kMaxFileBytes = 16 << 10;

}  // namespace

std::vector<PeerAddress> ParseDhtNodes(ByteView text) {
  std::vector<PeerAddress> nodes;
  std::string_view rest = AsText(text);
  while (!rest.empty() && nodes.size() < kMostSavedNodes) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (const auto node = PeerAddress::Parse(rest.substr(0, end))) nodes.push_back(*node);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return nodes;
}

std::vector<PeerAddress> DhtNodesFile::Load() const {
  const auto bytes = ReadFile(path_, kMaxFileBytes);
  return bytes ? ParseDhtNodes(*bytes) : std::vector<PeerAddress>();
}

Result<void> DhtNodesFile::Save(const std::vector<PeerAddress>& nodes) const {
  if (nodes.empty()) return {};
  std::string text;
  for (std::size_t i = 0; i < std::min(nodes.size(), kMostSavedNodes); ++i) {
    text += nodes[i].ToString() + "\n";
  }
  return WriteFileAtomically(path_, AsBytes(text),
                             {.mode = 0644, .durability = Durability::kBuffered});
}

}  // namespace plasm::discovery
