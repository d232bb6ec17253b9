// For tests: a folder in memory that can lose power after any step, and then what had not been
// synced.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tlog/folder.h"

namespace plasm::tlog::testing {

// What happens to that which was not synced.
enum class Loss {
  kNothing,     // only the process died
  kEverything,  // new names and new contents are gone
  kContents,    // names are kept, the files are empty
  kSome,        // by chance, for each name and each content; a rename is all or nothing
};

class CrashingFolder final : public Folder {
 public:
  Result<Bytes> Read(std::string_view path, std::size_t max_bytes) override;
  Result<bool> Exists(std::string_view path) override;
  Result<void> CreateFile(std::string_view path, ByteView bytes) override;
  Result<void> CreateFolder(std::string_view path) override;
  Result<void> SyncFile(std::string_view path) override;
  Result<void> SyncFolder(std::string_view path) override;
  Result<void> SyncAll() override;
  Result<void> Rename(std::string_view from, std::string_view to) override;
  Result<void> RemoveFile(std::string_view path) override;
  Result<void> RemoveFolder(std::string_view path) override;

  // After so many more steps every call fails, until Restart.
  void CrashAfter(std::size_t steps) { left_ = steps; }
  // The power is back.
  void Restart(Loss loss, std::uint64_t chance = 0);

  std::size_t steps() const { return steps_; }
  bool crashed() const { return left_ == 0; }

  // Everything that has ever stood at the path "checkpoint", where others may have read it.
  const std::vector<Bytes>& seen_checkpoints() const { return seen_; }

 private:
  struct File {
    bool is_folder = false;
    Bytes now;
    Bytes synced;
  };
  using Names = std::map<std::string, std::shared_ptr<File>, std::less<>>;

  Result<void> Step();
  Result<std::shared_ptr<File>> Find(std::string_view path, bool folder) const;

  Names now_;
  Names synced_;
  std::vector<std::pair<std::string, std::string>> renames_;  // not synced: from, to
  std::vector<Bytes> seen_;
  std::size_t steps_ = 0;
  std::size_t left_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace plasm::tlog::testing
