// Tiles with their inner nodes, the ones used last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <utility>

#include "base/result.h"
#include "tlog/storage.h"
#include "tlog/tile_tree.h"

namespace plasm::tlog {

enum class TileSource {
  kTree,     // somebody has Put it
  kStorage,  // nobody has vouched for the hashes: that shows when a proof made of them verifies
};

struct CachedTile {
  std::shared_ptr<const TileTree> tile;
  TileSource source = TileSource::kStorage;
};

// 16 KiB a tile. One thread at a time.
class TileCache {
 public:
  explicit TileCache(std::size_t capacity) : capacity_(capacity) {}

  // The tile, from the storage if it is not here; where the partial one is gone, the first
  // `width` hashes of the full one. kCorrupt when it has the wrong size.
  Result<CachedTile> Get(Storage& storage, unsigned level, std::uint64_t index, unsigned width);

  void Put(unsigned level, std::uint64_t index, std::shared_ptr<const TileTree> tile);
  void Clear();

 private:
  struct Key {
    unsigned level;
    std::uint64_t index;
    unsigned width;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  using Tile = std::pair<Key, CachedTile>;

  void Insert(const Key& key, CachedTile tile);

  std::size_t capacity_;
  std::list<Tile> tiles_;  // the one used last first
  std::map<Key, std::list<Tile>::iterator> places_;
};

// A resource of a tree in which it is `width` wide. Falls back to the full one, from which the
// bytes of the partial one are left to the caller to take.
struct WidthAndBytes {
  unsigned width;
  Bytes bytes;
};
Result<WidthAndBytes> ReadTile(Storage& storage, TileName name);

}  // namespace plasm::tlog
