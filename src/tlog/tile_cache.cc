#include "tlog/tile_cache.h"

#include <string>

namespace plasm::tlog {

Result<WidthAndBytes> ReadTile(Storage& storage, TileName name) {
  const std::size_t max = name.kind == TileKind::kHashes ? kMaxTileBytes : kMaxBundleBytes;
  auto bytes = storage.Read(name.Path(), max);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound && name.width < kTileWidth) {
    name.width = kTileWidth;
    bytes = storage.Read(name.Path(), max);
  }
  if (!bytes) {
    // The checkpoint says that it is there.
    if (bytes.error().code == ErrorCode::kNotFound) {
      return Error{ErrorCode::kCorrupt, name.Path() + ": missing"};
    }
    return std::move(bytes).error();
  }
  return WidthAndBytes{name.width, *std::move(bytes)};
}

Result<CachedTile> TileCache::Get(Storage& storage, unsigned level, std::uint64_t index,
                                  unsigned width) {
  const Key key{level, index, width};
  if (const auto found = places_.find(key); found != places_.end()) {
    tiles_.splice(tiles_.begin(), tiles_, found->second);
    return tiles_.front().second;
  }
  const TileName name{TileKind::kHashes, level, index, width};
  PLASM_TRY(const WidthAndBytes read, ReadTile(storage, name));
  auto hashes = ParseTile(read.bytes, read.width);
  if (!hashes) {
    return Error{ErrorCode::kCorrupt, name.Path() + ": " + hashes.error().message};
  }
  auto tile = std::make_shared<TileTree>();
  for (unsigned i = 0; i < width; ++i) tile->Append((*hashes)[i]);
  CachedTile cached{std::move(tile), TileSource::kStorage};
  Insert(key, cached);
  return cached;
}

void TileCache::Put(unsigned level, std::uint64_t index, std::shared_ptr<const TileTree> tile) {
  const Key key{level, index, tile->width()};
  if (const auto found = places_.find(key); found != places_.end()) {
    tiles_.erase(found->second);
    places_.erase(found);
  }
  Insert(key, {std::move(tile), TileSource::kTree});
}

void TileCache::Insert(const Key& key, CachedTile tile) {
  tiles_.emplace_front(key, std::move(tile));
  places_[key] = tiles_.begin();
  if (tiles_.size() > capacity_) {
    places_.erase(tiles_.back().first);
    tiles_.pop_back();
  }
}

void TileCache::Clear() {
  tiles_.clear();
  places_.clear();
}

}  // namespace plasm::tlog
