#include "tlog/tile_tree.h"

#include <cassert>
#include <optional>
#include <utility>

namespace plasm::tlog {
namespace {

// Where a height begins in the array: 256 hashes, then 128 nodes, 64, … 1.
std::size_t Begin(unsigned height) { return 2 * kTileWidth - (2 * kTileWidth >> height); }

}  // namespace

void TileTree::Append(const Hash& hash) {
  assert(!full());
  std::size_t index = width_++;
  nodes_[index] = hash;
  for (unsigned height = 0; (index & 1) != 0; ++height, index >>= 1) {
    const std::size_t right = Begin(height) + index;
    nodes_[Begin(height + 1) + index / 2] = NodeHash(nodes_[right - 1], nodes_[right]);
  }
}

const Hash& TileTree::Node(unsigned height, std::uint64_t index) const {
  assert(height <= kTileHeight && ((index + 1) << height) <= width_);
  return nodes_[Begin(height) + index];
}

Bytes TileTree::Serialize() const {
  Bytes bytes;
  bytes.reserve(width_ * Hash::kSize);
  for (unsigned i = 0; i < width_; ++i) {
    bytes.insert(bytes.end(), nodes_[i].bytes.begin(), nodes_[i].bytes.end());
  }
  return bytes;
}

NodeInTile Locate(NodePosition position) {
  NodeInTile place;
  place.tile_level = position.level / kTileHeight;
  place.height = position.level % kTileHeight;
  const unsigned bits = kTileHeight - place.height;
  place.tile_index = position.index >> bits;
  place.index = position.index & ((std::uint64_t{1} << bits) - 1);
  return place;
}

void TileEdge::Append(const Hash& leaf_hash, const Completed& completed) {
  Hash hash = leaf_hash;
  std::uint64_t index = size_++ >> kTileHeight;
  for (unsigned level = 0;; ++level, index >>= kTileHeight) {
    if (level == levels_.size()) levels_.emplace_back();
    levels_[level].Append(hash);
    if (!levels_[level].full()) return;
    hash = levels_[level].Node(kTileHeight, 0);
    completed(level, index, std::exchange(levels_[level], TileTree()));
  }
}

void TileEdge::Restore(unsigned level, const std::vector<Hash>& hashes) {
  while (levels_.size() <= level) levels_.emplace_back();
  assert(levels_[level].width() == 0);
  for (const Hash& hash : hashes) levels_[level].Append(hash);
  size_ += std::uint64_t{hashes.size()} << (level * kTileHeight);
}

const TileTree& TileEdge::At(unsigned level) const {
  static const TileTree kEmpty;
  return level < levels_.size() ? levels_[level] : kEmpty;
}

Hash TileEdge::Root() const {
  // Complete subtrees get larger to the left: the smallest is folded in first.
  std::optional<Hash> root;
  for (const TileTree& tile : levels_) {
    std::uint64_t end = tile.width();
    for (unsigned height = 0; end != 0; ++height, end >>= 1) {
      if ((end & 1) == 0) continue;
      const Hash& node = tile.Node(height, end - 1);
      root = root ? NodeHash(node, *root) : node;
    }
  }
  return root ? *root : EmptyRoot();
}

}  // namespace plasm::tlog
