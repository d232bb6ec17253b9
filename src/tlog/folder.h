// One folder with everything below it, as single steps, so that a test can stop between any
// two of them. Paths are relative: names joined by '/', none of them "." or "..".
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace plasm::tlog {

// The parent's path; "" for what is in the folder itself.
std::string_view ParentOf(std::string_view path);

// One thread at a time.
class Folder {
 public:
  virtual ~Folder() = default;

  virtual Result<Bytes> Read(std::string_view path, std::size_t max_bytes) = 0;
  virtual Result<bool> Exists(std::string_view path) = 0;  // a file, a folder, anything

  // Nothing is durable before both the file and the folder that names it have been synced.
  virtual Result<void> CreateFile(std::string_view path, ByteView bytes) = 0;  // not there before
  virtual Result<void> CreateFolder(std::string_view path) = 0;  // may be there already
  virtual Result<void> SyncFile(std::string_view path) = 0;
  virtual Result<void> SyncFolder(std::string_view path) = 0;  // "" is the folder itself
  // All of them, in any order, maybe at once.
  virtual Result<void> SyncAll(std::span<const std::string> files,
                               std::span<const std::string> folders);
  virtual Result<void> Rename(std::string_view from, std::string_view to) = 0;  // replaces
  // These two: that it is not there is no error.
  virtual Result<void> RemoveFile(std::string_view path) = 0;
  virtual Result<void> RemoveFolder(std::string_view path) = 0;  // with the files in it
};

// A folder on disk. Symbolic links below it are not followed, and only regular files are read.
class SystemFolder final : public Folder {
 public:
  enum class Access {
    kRead,
    kWrite,  // makes the folder if it is missing; one at a time, by a lock on its file "lock"
  };
  // kConflict when another process has it for writing.
  static Result<SystemFolder> Open(const std::filesystem::path& path, Access access);

  Result<Bytes> Read(std::string_view path, std::size_t max_bytes) override;
  Result<bool> Exists(std::string_view path) override;
  Result<void> CreateFile(std::string_view path, ByteView bytes) override;
  Result<void> CreateFolder(std::string_view path) override;
  Result<void> SyncFile(std::string_view path) override;
  Result<void> SyncFolder(std::string_view path) override;
  // A disk takes many of these together in the time of one, but only when they come together:
  // some threads wait for it, unless nothing was worth waiting for the last time. They end
  // before this returns.
  Result<void> SyncAll(std::span<const std::string> files,
                       std::span<const std::string> folders) override;
  Result<void> Rename(std::string_view from, std::string_view to) override;
  Result<void> RemoveFile(std::string_view path) override;
  Result<void> RemoveFolder(std::string_view path) override;

 private:
  struct Place;  // an open parent and a name in it
  SystemFolder(std::filesystem::path path, UniqueFd root, UniqueFd lock)
      : path_(std::move(path)), root_(std::move(root)), lock_(std::move(lock)) {}

  // Opens something below the folder that no link leads to.
  Result<UniqueFd> OpenBelow(std::string_view path, int flags, mode_t mode = 0) const;
  Result<UniqueFd> OpenFolder(std::string_view path) const;
  Result<Place> Find(std::string_view path) const;
  std::string Named(std::string_view path) const { return (path_ / path).string(); }

  std::filesystem::path path_;
  UniqueFd root_;
  UniqueFd lock_;
  std::chrono::nanoseconds slowest_sync_ = std::chrono::nanoseconds::max();  // of the last SyncAll
};

}  // namespace plasm::tlog
