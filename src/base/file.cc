#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string>

#include "base/system_error.h"
#include "base/unique_fd.h"

namespace plasm {
namespace {

// Until it is committed, the file is removed on destruction.
class TemporaryFile {
 public:
  static Result<TemporaryFile> CreateBeside(const std::filesystem::path& path) {
    std::string name = (path.parent_path() / ("." + path.filename().string() + ".XXXXXX")).string();
    UniqueFd fd(mkostemp(name.data(), O_CLOEXEC));
    if (!fd) return SystemError(errno, path.string());
    return TemporaryFile(std::move(name), std::move(fd));
  }
  TemporaryFile(TemporaryFile&& other) noexcept
      : name_(std::exchange(other.name_, {})), fd_(std::move(other.fd_)) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile() {
    if (!name_.empty()) unlink(name_.c_str());
  }

  int fd() const { return fd_.get(); }

  // Zero or an errno. After kReplace the file lives on under its new name.
  int MoveTo(const std::filesystem::path& path, IfExists if_exists) {
    if (if_exists == IfExists::kRefuse) {
      return link(name_.c_str(), path.c_str()) == 0 ? 0 : errno;
    }
    if (rename(name_.c_str(), path.c_str()) != 0) return errno;
    name_.clear();
    return 0;
  }

 private:
  TemporaryFile(std::string name, UniqueFd fd) : name_(std::move(name)), fd_(std::move(fd)) {}

  std::string name_;
  UniqueFd fd_;
};

std::filesystem::path FolderOf(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

Result<void> SyncFolder(const std::filesystem::path& folder) {
  const UniqueFd fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || fsync(fd.get()) != 0) return SystemError(errno, folder.string());
  return {};
}

}  // namespace

Result<Bytes> ReadDescriptor(int fd, std::string_view name, std::size_t max_bytes) {
  constexpr std::size_t kFirstRead = std::size_t{16} << 10;
  std::size_t room = kFirstRead;
  struct stat info{};
  if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
    room = static_cast<std::size_t>(info.st_size);
  }
  // One byte more than allowed is asked for: it tells a full file from a longer one.
  const std::size_t ceiling = max_bytes + 1 == 0 ? max_bytes : max_bytes + 1;
  room = std::min(room + 1, ceiling);

  Bytes bytes;
  std::size_t filled = 0;
  while (true) {
    if (filled == bytes.size()) {
      bytes.resize(std::min(std::max(room, filled > ceiling / 2 ? ceiling : filled * 2), ceiling));
    }
    const ssize_t got = read(fd, bytes.data() + filled, bytes.size() - filled);
    if (got < 0) {
      if (errno == EINTR) continue;
      return SystemError(errno, name);
    }
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
    if (filled > max_bytes) {
      return Error{ErrorCode::kLimitExceeded,
                   std::string(name) + ": larger than " + std::to_string(max_bytes) + " bytes"};
    }
  }
  bytes.resize(filled);
  return bytes;
}

Result<Bytes> ReadFile(const std::filesystem::path& path, std::size_t max_bytes) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return SystemError(errno, path.string());
  return ReadDescriptor(fd.get(), path.string(), max_bytes);
}

Result<std::optional<Bytes>> ReadIfThere(const std::filesystem::path& path, std::size_t max_bytes) {
  auto bytes = ReadFile(path, max_bytes);
  if (bytes) return std::optional(*std::move(bytes));
  if (bytes.error().code == ErrorCode::kNotFound) return std::optional<Bytes>();
  return std::move(bytes).error();
}

Result<void> WriteAll(int fd, ByteView bytes, std::string_view name) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(errno, name);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> WriteFileAtomically(const std::filesystem::path& path, ByteView bytes,
                                 const WriteOptions& options) {
  if (!path.has_filename()) {
    return Error{ErrorCode::kInvalid, "\"" + path.string() + "\": expected the name of a file"};
  }
  PLASM_TRY(auto file, TemporaryFile::CreateBeside(path));
  if (fchmod(file.fd(), options.mode) != 0) return SystemError(errno, path.string());
  PLASM_TRY_VOID(WriteAll(file.fd(), bytes, path.string()));
  const bool synced = options.durability == Durability::kSynced;
  if (synced && fsync(file.fd()) != 0) return SystemError(errno, path.string());
  if (const int failed = file.MoveTo(path, options.if_exists)) {
    return SystemError(failed, path.string());
  }
  if (synced) return SyncFolder(FolderOf(path));
  return {};
}

Result<void> CreateFolders(const std::filesystem::path& path, mode_t mode) {
  if (path.empty()) return {};
  struct stat info{};
  if (stat(path.c_str(), &info) == 0) {
    return S_ISDIR(info.st_mode) ? Result<void>() : SystemError(ENOTDIR, path.string());
  }
  if (errno != ENOENT) return SystemError(errno, path.string());
  if (!path.has_filename()) return CreateFolders(path.parent_path(), mode);  // "a/b/"
  PLASM_TRY_VOID(CreateFolders(path.parent_path(), mode));
  if (mkdir(path.c_str(), mode) != 0) {
    // Another process may have made it meanwhile.
    if (errno == EEXIST && stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return {};
    return SystemError(errno, path.string());
  }
  if (chmod(path.c_str(), mode) != 0) return SystemError(errno, path.string());
  return SyncFolder(FolderOf(path));
}

}  // namespace plasm
