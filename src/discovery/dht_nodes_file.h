// Nodes of the DHT that were known last time, to begin with.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "discovery/protocol/peer_address.h"

namespace plasm::discovery {

inline constexpr std::size_t kMostSavedNodes = 64;

// A line an address. Lines that are none are passed over, as are those beyond kMostSavedNodes: the
// file is a convenience. Pure.
std::vector<PeerAddress> ParseDhtNodes(ByteView text);

class DhtNodesFile {
 public:
  explicit DhtNodesFile(std::filesystem::path path) : path_(std::move(path)) {}

  // None where there is no such file, or it can't be read.
  std::vector<PeerAddress> Load() const;
  // The first kMostSavedNodes; leaves the file as it is when there are none. Errors as
  // WriteFileAtomically.
  Result<void> Save(const std::vector<PeerAddress>& nodes) const;

 private:
  std::filesystem::path path_;
};

}  // namespace plasm::discovery
