// The hashes of a tile with the nodes above them, so that proofs need not hash again. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/bytes.h"
#include "tlog/merkle.h"
#include "tlog/tile.h"

namespace plasm::tlog {

// Grows by one hash at a time and keeps every node whose subtree is complete. 16 KiB.
class TileTree {
 public:
  TileTree() : nodes_(2 * kTileWidth - 1) {}

  // Must not be full.
  void Append(const Hash& hash);

  unsigned width() const { return width_; }
  bool full() const { return width_ == kTileWidth; }

  // The node `height` above the hashes, over [index << height, (index + 1) << height), all of
  // which are there.
  const Hash& Node(unsigned height, std::uint64_t index) const;

  // The bytes of the tile.
  Bytes Serialize() const;

 private:
  std::vector<Hash> nodes_;  // the hashes, then each level above them
  unsigned width_ = 0;
};

// Where a node of the tree stands in the tiles.
struct NodeInTile {
  unsigned tile_level = 0;
  std::uint64_t tile_index = 0;
  unsigned height = 0;      // above the tile's hashes, less than kTileHeight
  std::uint64_t index = 0;  // at that height, within the tile
};
NodeInTile Locate(NodePosition position);

// The right edge of a tree: at each level the tile that is not full yet. It is all that one
// must keep to append, and to know the root.
class TileEdge {
 public:
  // Called with each tile that has become full: level, index and the tile.
  using Completed = std::function<void(unsigned, std::uint64_t, TileTree)>;

  std::uint64_t size() const { return size_; }

  void Append(const Hash& leaf_hash, const Completed& completed);

  // As Append does at the level above, for a tree that is put together from its tiles: the
  // hashes of the partial tile at `level`, which nothing has been added to yet.
  void Restore(unsigned level, const std::vector<Hash>& hashes);

  // The partial tile at this level; of width 0 where there is none.
  const TileTree& At(unsigned level) const;

  Hash Root() const;

 private:
  std::vector<TileTree> levels_;
  std::uint64_t size_ = 0;
};

}  // namespace plasm::tlog
