#include "tlog/tile.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdio>

#include "base/decimal.h"
#include "base/quote.h"

namespace plasm::tlog {
namespace {

Error Invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

std::string IndexPath(std::uint64_t index) {
  std::array<char, 8> group{};
  const auto print = [&](const char* format, std::uint64_t value) {
    std::snprintf(group.data(), group.size(), format, static_cast<unsigned>(value));
    return std::string(group.data());
  };
  std::string path = print("%03u", index % 1000);
  while (index >= 1000) {
    index /= 1000;
    path = print("x%03u/", index % 1000) + path;
  }
  return path;
}

Error NoTilePath(std::string_view path) {
  return Invalid("tile path: found " + Quote(path) +
                 ", expected tile/<level or entries>/<index>[.p/<width>]");
}

}  // namespace

std::string TileName::PartialFolder() const {
  const std::string first =
      kind == TileKind::kEntries ? std::string("entries") : std::to_string(level);
  return "tile/" + first + "/" + IndexPath(index) + ".p";
}

std::string TileName::Path() const {
  std::string path = PartialFolder();
  if (width < kTileWidth) return path + "/" + std::to_string(width);
  path.resize(path.size() - 2);
  return path;
}

Result<TileName> TileName::FromPath(std::string_view path) {
  constexpr std::string_view kPrefix = "tile/";
  constexpr std::size_t kMaxPath = 64;  // seven groups of digits, and more than the rest
  const std::string_view whole = path;
  if (whole.size() > kMaxPath || !path.starts_with(kPrefix)) return NoTilePath(whole);
  path.remove_prefix(kPrefix.size());
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return NoTilePath(whole);
  const std::string_view level = path.substr(0, slash);
  path.remove_prefix(slash + 1);

  TileName name;
  if (level == "entries") {
    name.kind = TileKind::kEntries;
  } else {
    const auto number = ParseDecimal(level);
    if (!number || *number > kMaxTileLevel) return NoTilePath(whole);
    name.level = static_cast<unsigned>(*number);
  }
  if (const std::size_t partial = path.find(".p/"); partial != std::string_view::npos) {
    const auto width = ParseDecimal(path.substr(partial + 3));
    if (!width || *width == 0 || *width >= kTileWidth) return NoTilePath(whole);
    name.width = static_cast<unsigned>(*width);
    path = path.substr(0, partial);
  }
  for (const char c : path) {
    if (c == 'x' || c == '/') continue;
    if (c < '0' || c > '9') return NoTilePath(whole);
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (name.index > (kMaxTreeSize - digit) / 10) return NoTilePath(whole);
    name.index = name.index * 10 + digit;
  }
  // One spelling only: what is written differently is another path.
  if (name.Path() != whole) return NoTilePath(whole);
  return name;
}

unsigned TileWidthAt(unsigned level, std::uint64_t index, std::uint64_t tree_size) {
  const unsigned shift = level * kTileHeight;
  const std::uint64_t hashes = shift < 64 ? tree_size >> shift : 0;  // in the whole level
  const std::uint64_t full = hashes / kTileWidth;
  if (index < full) return kTileWidth;
  return index == full ? static_cast<unsigned>(hashes % kTileWidth) : 0;
}

unsigned TileLevels(std::uint64_t tree_size) {
  unsigned levels = 0;
  for (; tree_size != 0; tree_size >>= kTileHeight) ++levels;
  return levels;
}

Result<std::vector<Hash>> ParseTile(ByteView bytes, unsigned width) {
  if (width == 0 || width > kTileWidth || bytes.size() != width * Hash::kSize) {
    return Invalid("tile: found " + std::to_string(bytes.size()) + " bytes, expected " +
                   std::to_string(width) + " hashes");
  }
  std::vector<Hash> hashes(width);
  for (unsigned i = 0; i < width; ++i) {
    std::ranges::copy(bytes.subspan(i * Hash::kSize, Hash::kSize), hashes[i].bytes.begin());
  }
  return hashes;
}

Result<std::vector<ByteView>> ParseEntryBundle(ByteView bytes, unsigned width) {
  if (width == 0 || width > kTileWidth) {
    return Invalid("entry bundle: no bundle has " + std::to_string(width) + " entries");
  }
  std::vector<ByteView> entries;
  entries.reserve(width);
  while (!bytes.empty()) {
    if (entries.size() == width) return Invalid("entry bundle: bytes after the last entry");
    if (bytes.size() < 2) return Invalid("entry bundle: ends inside a length");
    const std::size_t size =
        std::to_integer<std::size_t>(bytes[0]) << 8 | std::to_integer<std::size_t>(bytes[1]);
    bytes = bytes.subspan(2);
    if (bytes.size() < size) return Invalid("entry bundle: ends inside an entry");
    entries.push_back(bytes.first(size));
    bytes = bytes.subspan(size);
  }
  if (entries.size() != width) {
    return Invalid("entry bundle: found " + std::to_string(entries.size()) + " entries, expected " +
                   std::to_string(width));
  }
  return entries;
}

void AppendToBundle(Bytes& bundle, ByteView entry) {
  assert(entry.size() <= kMaxEntryBytes);
  bundle.push_back(static_cast<std::byte>(entry.size() >> 8));
  bundle.push_back(static_cast<std::byte>(entry.size() & 0xff));
  bundle.insert(bundle.end(), entry.begin(), entry.end());
}

}  // namespace plasm::tlog
