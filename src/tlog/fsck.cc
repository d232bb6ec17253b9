#include "tlog/fsck.h"

#include <algorithm>
#include <optional>
#include <string>

#include "tlog/log_reader.h"
#include "tlog/tile_tree.h"

namespace plasm::tlog {
namespace {

constexpr std::uint64_t kBundlesBetweenProgress = 64;

Error Corrupt(std::string message) { return {ErrorCode::kCorrupt, std::move(message)}; }

Result<Bytes> Read(Storage& storage, const std::string& path, std::size_t max_bytes) {
  auto bytes = storage.Read(path, max_bytes);
  if (bytes) return bytes;
  switch (bytes.error().code) {
    case ErrorCode::kNotFound:
      return Corrupt(path + ": missing");
    case ErrorCode::kLimitExceeded:
      return Corrupt(path + ": larger than any such resource");
    default:
      return bytes;
  }
}

Result<void> ExpectTile(Storage& storage, unsigned level, std::uint64_t index,
                        const TileTree& expected) {
  const std::string path = TileName{TileKind::kHashes, level, index, expected.width()}.Path();
  PLASM_TRY(const Bytes bytes, Read(storage, path, kMaxTileBytes));
  const auto hashes = ParseTile(bytes, expected.width());
  if (!hashes) return Corrupt(path + ": " + hashes.error().message);
  for (unsigned i = 0; i < expected.width(); ++i) {
    if ((*hashes)[i] != expected.Node(0, i)) {
      return Corrupt(path + ": hash " + std::to_string(i) +
                     (level == 0 ? " is not that of the entry" : " is not that of the tile below"));
    }
  }
  return {};
}

}  // namespace

Result<SignedCheckpoint> Fsck(Storage& storage, const VerifierKey& log,
                              const FsckProgress& progress) {
  PLASM_TRY(const Bytes note, Read(storage, std::string(kCheckpointPath), kMaxNoteBytes));
  auto checkpoint = ParseOwnCheckpoint(note, log);
  if (!checkpoint) return Corrupt("checkpoint: " + checkpoint.error().message);
  const TreeHead& head = checkpoint->checkpoint.head;

  TileEdge edge;
  std::optional<Error> wrong;
  const auto completed = [&](unsigned level, std::uint64_t index, const TileTree& tile) {
    if (wrong) return;
    if (auto as_expected = ExpectTile(storage, level, index, tile); !as_expected) {
      wrong = std::move(as_expected).error();
    }
  };
  for (std::uint64_t index = 0; edge.size() < head.size; ++index) {
    const unsigned width = TileWidthAt(0, index, head.size);
    const std::string path = TileName{TileKind::kEntries, 0, index, width}.Path();
    PLASM_TRY(const Bytes bundle, Read(storage, path, kMaxBundleBytes));
    const auto entries = ParseEntryBundle(bundle, width);
    if (!entries) return Corrupt(path + ": " + entries.error().message);
    for (const ByteView entry : *entries) edge.Append(LeafHash(entry), completed);
    if (wrong) return *std::move(wrong);
    if (progress && index % kBundlesBetweenProgress == 0) progress(edge.size(), head.size);
  }
  for (unsigned level = 0; level < TileLevels(head.size); ++level) {
    if (edge.At(level).width() == 0) continue;
    const std::uint64_t index = head.size >> (level * kTileHeight) >> kTileHeight;
    PLASM_TRY_VOID(ExpectTile(storage, level, index, edge.At(level)));
  }
  if (edge.Root() != head.root) {
    return Corrupt("checkpoint: its root is not that of the entries");
  }
  if (progress) progress(edge.size(), head.size);
  return checkpoint;
}

}  // namespace plasm::tlog
