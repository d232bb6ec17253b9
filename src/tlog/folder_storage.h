// A log in a folder, its resources under the paths of tlog-tiles: the order of the steps that
// make writes durable.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "tlog/folder.h"
#include "tlog/storage.h"

namespace plasm::tlog {

class FolderStorage final : public Storage {
 public:
  // The folder outlives this.
  explicit FolderStorage(Folder& folder) : folder_(folder) {}

  Result<Bytes> Read(std::string_view path, std::size_t max_bytes) override;
  Result<bool> HasTiles() override;
  Result<void> WriteTiles(std::span<const TileContent> tiles) override;
  Result<Bytes> ReadPending(std::size_t max_bytes) override;
  Result<void> ReplaceCheckpoint(ByteView bytes) override;
  Result<void> RemovePartials(const TileName& full) override;

 private:
  Result<void> WriteAnew(std::string_view path, ByteView bytes);
  Result<void> EnsureFolder(const std::string& path, std::set<std::string>& to_sync);

  Folder& folder_;
  // Folders known to be durable: made or found, and their parents synced since. A folder that
  // is found may have been made just before a crash.
  std::set<std::string> durable_folders_;
};

}  // namespace plasm::tlog
