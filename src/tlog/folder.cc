#include "tlog/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/system_error.h"

namespace plasm::tlog {
namespace {

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
// A static web server, which runs as somebody else, may serve the log.
constexpr mode_t kFolderMode = 0755;
constexpr mode_t kFileMode = 0644;

constexpr std::size_t kSyncThreads = 8;
// From here on one call for the whole file system is cheaper than one for each file, although
// it also waits for what other programs have written.
constexpr std::size_t kManySyncs = 32;
// A file system that needs less has no disk to wait for, and threads would cost more than they
// save.
constexpr std::chrono::microseconds kQuickSync(20);

Result<UniqueFd> TakeLock(int root, const std::string& name) {
  UniqueFd lock(openat(root, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!lock) return SystemError(errno, name);
  struct stat info{};
  if (fstat(lock.get(), &info) != 0) return SystemError(errno, name);
  if (!S_ISREG(info.st_mode)) {
    return Error{ErrorCode::kInvalid, name + ": expected a regular file"};
  }
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return SystemError(errno, name);
    return Error{ErrorCode::kConflict, name + ": another process writes here"};
  }
  return lock;
}

// Names joined by '/', none of them "." or "..", or nothing: the folder itself.
bool IsInside(std::string_view path) {
  if (path.empty()) return true;
  while (true) {
    const std::string_view name = path.substr(0, path.find('/'));
    if (name.empty() || name == "." || name == "..") return false;
    if (name.size() == path.size()) return true;
    path.remove_prefix(name.size() + 1);
  }
}

}  // namespace

std::string_view ParentOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

Result<void> Folder::SyncAll(std::span<const std::string> files,
                             std::span<const std::string> folders) {
  for (const std::string& file : files) PLASM_TRY_VOID(SyncFile(file));
  for (const std::string& folder : folders) PLASM_TRY_VOID(SyncFolder(folder));
  return {};
}

struct SystemFolder::Place {
  UniqueFd opened;  // the parent, unless that is the folder itself
  int parent;
  std::string name;
};

Result<SystemFolder> SystemFolder::Open(const std::filesystem::path& path, Access access) {
  if (access == Access::kWrite) PLASM_TRY_VOID(CreateFolders(path, kFolderMode));
  // The folder itself may be reached through a link: that is the operator's choice.
  UniqueFd root(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root) return SystemError(errno, path.string());
  UniqueFd lock;
  if (access == Access::kWrite) {
    PLASM_TRY(lock, TakeLock(root.get(), (path / "lock").string()));
  }
  return SystemFolder(path, std::move(root), std::move(lock));
}

// In one call where the kernel and its guards let it (openat2), else name by name.
Result<UniqueFd> SystemFolder::OpenBelow(std::string_view path, int flags, mode_t mode) const {
  if (!IsInside(path)) {
    return Error{ErrorCode::kInvalid, Named(path) + ": not a path inside the folder"};
  }
  const std::string whole(path.empty() ? "." : path);
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_NOFOLLOW | O_CLOEXEC);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  UniqueFd opened(
      static_cast<int>(syscall(SYS_openat2, root_.get(), whole.c_str(), &how, sizeof(how))));
  if (opened) return opened;
  if (errno != ENOSYS && errno != EPERM) return SystemError(errno, Named(path));
  std::string_view rest = whole;
  UniqueFd folder;
  int at = root_.get();
  for (std::size_t slash; (slash = rest.find('/')) != rest.npos; rest.remove_prefix(slash + 1)) {
    const std::string name(rest.substr(0, slash));
    folder = UniqueFd(openat(at, name.c_str(), kFolderFlags));
    if (!folder) return SystemError(errno, Named(path));
    at = folder.get();
  }
  opened = UniqueFd(openat(at, std::string(rest).c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!opened) return SystemError(errno, Named(path));
  return opened;
}

Result<UniqueFd> SystemFolder::OpenFolder(std::string_view path) const {
  return OpenBelow(path, O_RDONLY | O_DIRECTORY);
}

Result<SystemFolder::Place> SystemFolder::Find(std::string_view path) const {
  const std::string_view parent = ParentOf(path);
  Place place{{}, root_.get(), std::string(path.substr(parent.empty() ? 0 : parent.size() + 1))};
  if (!IsInside(path) || path.empty()) {
    return Error{ErrorCode::kInvalid, Named(path) + ": not a path inside the folder"};
  }
  if (!parent.empty()) {
    PLASM_TRY(place.opened, OpenFolder(parent));
    place.parent = place.opened.get();
  }
  return place;
}

Result<Bytes> SystemFolder::Read(std::string_view path, std::size_t max_bytes) {
  // Without O_NONBLOCK a pipe in the file's place would hold us up here.
  PLASM_TRY(const UniqueFd fd, OpenBelow(path, O_RDONLY | O_NONBLOCK));
  struct stat info{};
  if (fstat(fd.get(), &info) != 0) return SystemError(errno, Named(path));
  if (!S_ISREG(info.st_mode)) {
    return Error{ErrorCode::kCorrupt, Named(path) + ": expected a regular file"};
  }
  return ReadDescriptor(fd.get(), Named(path), max_bytes);
}

Result<bool> SystemFolder::Exists(std::string_view path) {
  const auto place = Find(path);
  struct stat info{};
  if (!place) {
    if (place.error().code == ErrorCode::kNotFound) return false;
    return place.error();
  }
  if (fstatat(place->parent, place->name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) {
    return true;
  }
  if (errno == ENOENT) return false;
  return SystemError(errno, Named(path));
}

Result<void> SystemFolder::CreateFile(std::string_view path, ByteView bytes) {
  PLASM_TRY(const UniqueFd fd, OpenBelow(path, O_WRONLY | O_CREAT | O_EXCL, 0600));
  if (fchmod(fd.get(), kFileMode) != 0) return SystemError(errno, Named(path));
  return WriteAll(fd.get(), bytes, Named(path));
}

Result<void> SystemFolder::CreateFolder(std::string_view path) {
  PLASM_TRY(const Place place, Find(path));
  if (mkdirat(place.parent, place.name.c_str(), kFolderMode) == 0) {
    if (fchmodat(place.parent, place.name.c_str(), kFolderMode, 0) == 0) return {};
  } else if (errno == EEXIST) {
    return {};  // if it is no folder, whatever comes next says so
  }
  return SystemError(errno, Named(path));
}

Result<void> SystemFolder::SyncFile(std::string_view path) {
  PLASM_TRY(const UniqueFd fd, OpenBelow(path, O_RDONLY | O_NONBLOCK));
  if (fsync(fd.get()) != 0) return SystemError(errno, Named(path));
  return {};
}

Result<void> SystemFolder::SyncFolder(std::string_view path) {
  PLASM_TRY(const UniqueFd fd, OpenFolder(path));
  if (fsync(fd.get()) != 0) return SystemError(errno, Named(path));
  return {};
}

Result<void> SystemFolder::SyncAll(std::span<const std::string> files,
                                   std::span<const std::string> folders) {
  const std::size_t count = files.size() + folders.size();
  if (count > kManySyncs) {
    return syncfs(root_.get()) == 0 ? Result<void>() : SystemError(errno, path_.string());
  }
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  Result<void> first_error;
  std::chrono::nanoseconds slowest{};
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      const auto begin = std::chrono::steady_clock::now();
      auto synced = i < files.size() ? SyncFile(files[i]) : SyncFolder(folders[i - files.size()]);
      const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - begin;
      const std::lock_guard lock(mutex);
      slowest = std::max(slowest, took);
      if (!synced && first_error) first_error = std::move(synced);
    }
  };
  const std::size_t workers = slowest_sync_ < kQuickSync ? 1 : std::min(count, kSyncThreads);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < workers; ++i) threads.emplace_back(work);
    work();
  }
  slowest_sync_ = slowest;
  return first_error;
}

Result<void> SystemFolder::Rename(std::string_view from, std::string_view to) {
  PLASM_TRY(const Place source, Find(from));
  PLASM_TRY(const Place target, Find(to));
  if (renameat(source.parent, source.name.c_str(), target.parent, target.name.c_str()) != 0) {
    return SystemError(errno, Named(to));
  }
  return {};
}

Result<void> SystemFolder::RemoveFile(std::string_view path) {
  PLASM_TRY(const Place place, Find(path));
  if (unlinkat(place.parent, place.name.c_str(), 0) != 0 && errno != ENOENT) {
    return SystemError(errno, Named(path));
  }
  return {};
}

Result<void> SystemFolder::RemoveFolder(std::string_view path) {
  auto opened = OpenFolder(path);
  if (!opened) {
    if (opened.error().code == ErrorCode::kNotFound) return {};
    return std::move(opened).error();
  }
  const int fd = opened->Release();
  struct Close {
    void operator()(DIR* dir) const { closedir(dir); }
  };
  const std::unique_ptr<DIR, Close> dir(fdopendir(fd));
  if (!dir) return SystemError(errno, Named(path));
  while (const dirent* entry = readdir(dir.get())) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (unlinkat(dirfd(dir.get()), entry->d_name, 0) != 0 && errno != ENOENT) {
      return SystemError(errno, Named(path));
    }
  }
  PLASM_TRY(const Place place, Find(path));
  if (unlinkat(place.parent, place.name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT) {
    return SystemError(errno, Named(path));
  }
  return {};
}

}  // namespace plasm::tlog
