#include "tlog/folder_storage.h"

#include <vector>

namespace plasm::tlog {
namespace {

constexpr std::string_view kPendingPath = "checkpoint.pending";

}  // namespace

Result<Bytes> FolderStorage::Read(std::string_view path, std::size_t max_bytes) {
  return folder_.Read(path, max_bytes);
}

Result<bool> FolderStorage::HasTiles() { return folder_.Exists("tile"); }

Result<Bytes> FolderStorage::ReadPending(std::size_t max_bytes) {
  return folder_.Read(kPendingPath, max_bytes);
}

Result<void> FolderStorage::EnsureFolder(const std::string& path, std::set<std::string>& to_sync) {
  if (path.empty() || durable_folders_.contains(path)) return {};
  const std::string parent(ParentOf(path));
  PLASM_TRY_VOID(EnsureFolder(parent, to_sync));
  PLASM_TRY_VOID(folder_.CreateFolder(path));
  to_sync.insert(parent);
  return {};
}

// A crash may have left a file of that name, which nobody has been told of.
Result<void> FolderStorage::WriteAnew(std::string_view path, ByteView bytes) {
  auto created = folder_.CreateFile(path, bytes);
  if (created || created.error().code != ErrorCode::kConflict) return created;
  PLASM_TRY_VOID(folder_.RemoveFile(path));
  return folder_.CreateFile(path, bytes);
}

Result<void> FolderStorage::WriteTiles(std::span<const TileContent> tiles) {
  std::vector<std::string> files;
  std::set<std::string> folders;  // that hold them
  std::set<std::string> to_sync;
  // All are written before the first is synced: the disk can then take them together.
  for (const TileContent& tile : tiles) {
    std::string path = tile.name.Path();
    const std::string folder(ParentOf(path));
    PLASM_TRY_VOID(EnsureFolder(folder, to_sync));
    PLASM_TRY_VOID(WriteAnew(path, tile.bytes));
    to_sync.insert(folder);
    folders.insert(folder);
    files.push_back(std::move(path));
  }
  const std::vector<std::string> list(to_sync.begin(), to_sync.end());
  PLASM_TRY_VOID(folder_.SyncAll(files, list));
  for (const std::string& folder : folders) {
    for (std::string path = folder; !path.empty(); path = ParentOf(path)) {
      if (!durable_folders_.insert(path).second) break;
    }
  }
  return {};
}

Result<void> FolderStorage::ReplaceCheckpoint(ByteView bytes) {
  PLASM_TRY_VOID(WriteAnew(kPendingPath, bytes));
  PLASM_TRY_VOID(
      folder_.SyncAll(std::vector{std::string(kPendingPath)}, std::vector{std::string()}));
  PLASM_TRY_VOID(folder_.Rename(kPendingPath, kCheckpointPath));
  return folder_.SyncFolder("");
}

Result<void> FolderStorage::RemovePartials(const TileName& full) {
  const std::string folder = full.PartialFolder();
  durable_folders_.erase(folder);
  return folder_.RemoveFolder(folder);
}

}  // namespace plasm::tlog
