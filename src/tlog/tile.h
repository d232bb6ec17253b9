// Tiles and entry bundles of C2SP tlog-tiles: their names, sizes and bytes. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "tlog/merkle.h"

namespace plasm::tlog {

inline constexpr unsigned kTileHeight = 8;
inline constexpr unsigned kTileWidth = 1U << kTileHeight;
inline constexpr unsigned kMaxTileLevel = 63;
inline constexpr std::size_t kMaxEntryBytes = 65'535;
inline constexpr std::size_t kMaxTileBytes = kTileWidth * Hash::kSize;
inline constexpr std::size_t kMaxBundleBytes = kTileWidth * (2 + kMaxEntryBytes);

enum class TileKind {
  kHashes,   // tile/<L>/<N>[.p/<W>]
  kEntries,  // tile/entries/<N>[.p/<W>]
};

// One resource of a log.
struct TileName {
  TileKind kind = TileKind::kHashes;
  unsigned level = 0;           // 0 for entries
  std::uint64_t index = 0;      // in its level
  unsigned width = kTileWidth;  // how many it holds; less than 256 is a partial tile

  friend bool operator==(const TileName&, const TileName&) = default;

  // "tile/0/x001/234.p/5", relative to the log.
  std::string Path() const;
  // The folder that holds the partial tiles of this index: "tile/0/x001/234.p".
  std::string PartialFolder() const;
  // kInvalid unless the text is exactly what Path gives.
  static Result<TileName> FromPath(std::string_view path);
};

// How wide the tile (or, at level 0, the bundle) is in a tree of this size: 256, fewer at the
// right edge, 0 where there is none.
unsigned TileWidthAt(unsigned level, std::uint64_t index, std::uint64_t tree_size);

// How many levels of tiles a tree of this size has.
unsigned TileLevels(std::uint64_t tree_size);

// kInvalid unless the bytes are exactly `width` hashes.
Result<std::vector<Hash>> ParseTile(ByteView bytes, unsigned width);

// The entries in order, as views into `bytes`. kInvalid unless there are exactly `width`.
Result<std::vector<ByteView>> ParseEntryBundle(ByteView bytes, unsigned width);

// Adds an entry of at most kMaxEntryBytes, which the caller has checked.
void AppendToBundle(Bytes& bundle, ByteView entry);

}  // namespace plasm::tlog
