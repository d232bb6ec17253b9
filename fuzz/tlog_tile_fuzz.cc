// Tiles and bundles under their paths: the first line is a path, the rest its bytes. What is
// accepted is what we would have written.
#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "expect.h"
#include "tlog/tile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  using namespace plasm::tlog;
  const ByteView all = std::as_bytes(std::span(data, size));
  const std::size_t line = AsText(all).find('\n');
  if (line == std::string_view::npos) return 0;
  const std::string_view path = AsText(all).substr(0, line);
  const ByteView bytes = all.subspan(line + 1);
  const auto name = TileName::FromPath(path);
  if (!name) return 0;
  FUZZ_EXPECT(name->Path() == path);
  FUZZ_EXPECT(name->width >= 1 && name->width <= kTileWidth && name->level <= kMaxTileLevel);
  Bytes again;
  if (name->kind == TileKind::kEntries) {
    const auto entries = ParseEntryBundle(bytes, name->width);
    if (!entries) return 0;
    FUZZ_EXPECT(entries->size() == name->width);
    for (const ByteView entry : *entries) AppendToBundle(again, entry);
  } else {
    const auto hashes = ParseTile(bytes, name->width);
    if (!hashes) return 0;
    for (const Hash& hash : *hashes) {
      again.insert(again.end(), hash.bytes.begin(), hash.bytes.end());
    }
  }
  FUZZ_EXPECT(AsText(again) == AsText(bytes));
  return 0;
}
