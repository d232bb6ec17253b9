#include "worker/supervisor/inputs.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <memory>
#include <vector>

#include "base/file.h"
#include "base/system_error.h"
#include "base/utf8.h"

namespace plasm::worker {
namespace {

constexpr int kMaxDepth = 128;

struct CloseFolder {
  void operator()(DIR* folder) const noexcept { closedir(folder); }
};

Result<std::vector<std::string>> SortedNames(int folder_fd, const std::string& host_path) {
  UniqueFd copy(fcntl(folder_fd, F_DUPFD_CLOEXEC, 0));
  if (!copy) return SystemError(errno, host_path);
  const std::unique_ptr<DIR, CloseFolder> folder(fdopendir(copy.get()));
  if (!folder) return SystemError(errno, host_path);
  (void)copy.Release();  // closedir closes it
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(folder.get())) {
    std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (!IsValidUtf8(AsBytes(name))) {
      return Error{ErrorCode::kInvalid, host_path + " holds a name that is not UTF-8"};
    }
    names.push_back(std::move(name));
  }
  if (errno != 0) return SystemError(errno, host_path);
  std::ranges::sort(names);
  return names;
}

Result<void> SealFile(int fd) {
  if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    return SystemError(errno, "job inputs: seal");
  }
  return {};
}

Result<UniqueFd> NewMemoryFile(const char* name) {
  UniqueFd file(memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file) return SystemError(errno, "memfd_create");
  return file;
}

}  // namespace

Result<UniqueFd> SealedMemory(const char* name, ByteView contents) {
  PLASM_TRY(UniqueFd file, NewMemoryFile(name));
  PLASM_TRY_VOID(WriteAll(file.get(), contents, "job inputs"));
  PLASM_TRY_VOID(SealFile(file.get()));
  return file;
}

Result<void> Inputs::Open() {
  if (file_) return {};
  PLASM_TRY(file_, NewMemoryFile("plasm-inputs"));
  return {};
}

Result<std::uint64_t> Inputs::Add(ByteView bytes) {
  PLASM_TRY_VOID(Open());
  PLASM_TRY_VOID(WriteAll(file_.get(), bytes, "job inputs"));
  const std::uint64_t offset = size_;
  size_ += bytes.size();
  return offset;
}

Result<UniqueFd> Inputs::Seal() && {
  PLASM_TRY_VOID(SealFile(file_.get()));
  return std::move(file_);
}

Result<InputFolder> Inputs::AddFolder(const std::filesystem::path& folder, std::string guest_path,
                                      const JobLimits& limits) {
  PLASM_TRY_VOID(Open());
  const UniqueFd fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return SystemError(errno, folder.string());
  InputFolder out{std::move(guest_path), {}};
  PLASM_TRY_VOID(AddEntries(fd.get(), folder.string(), "", limits, out));
  return out;
}

Result<void> Inputs::AddEntries(int folder_fd, const std::string& host_path,
                                const std::string& prefix, const JobLimits& limits,
                                InputFolder& out) {
  if (std::ranges::count(prefix, '/') > kMaxDepth) {
    return Error{ErrorCode::kLimitExceeded,
                 host_path + " is nested deeper than " + std::to_string(kMaxDepth) + " folders"};
  }
  PLASM_TRY(const auto names, SortedNames(folder_fd, host_path));
  for (const auto& name : names) {
    std::string host_name = host_path;
    host_name.append("/").append(name);
    if (++nodes_ > limits.file_nodes) {
      return Error{ErrorCode::kLimitExceeded, host_path + " holds more than " +
                                                  std::to_string(limits.file_nodes) + " entries"};
    }
    struct stat status{};
    if (fstatat(folder_fd, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      return SystemError(errno, host_name);
    }
    InputEntry entry{.kind = EntryKind::kFile, .path = prefix + name, .target = {}};
    if (S_ISLNK(status.st_mode)) {
      std::array<char, PATH_MAX> target;
      const ssize_t length = readlinkat(folder_fd, name.c_str(), target.data(), target.size());
      if (length < 0) return SystemError(errno, host_name);
      entry.kind = EntryKind::kSymlink;
      entry.target.assign(target.data(), static_cast<std::size_t>(length));
      out.entries.push_back(std::move(entry));
      continue;
    }
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
      return Error{ErrorCode::kInvalid, host_name + " is neither a file, a folder nor a link"};
    }
    const int flags = S_ISDIR(status.st_mode) ? O_DIRECTORY : 0;
    const UniqueFd fd(
        openat(folder_fd, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | flags));
    if (!fd) return SystemError(errno, host_name);
    if (S_ISDIR(status.st_mode)) {
      entry.kind = EntryKind::kDirectory;
      const std::string below = entry.path + "/";
      out.entries.push_back(std::move(entry));
      PLASM_TRY_VOID(AddEntries(fd.get(), host_name, below, limits, out));
    } else {
      PLASM_TRY_VOID(CopyFile(fd.get(), host_name, limits, entry));
      out.entries.push_back(std::move(entry));
    }
  }
  return {};
}

// Copies what is there until the end of the file, whatever its size was said to be.
Result<void> Inputs::CopyFile(int fd, const std::string& host_path, const JobLimits& limits,
                              InputEntry& entry) {
  entry.offset = size_;
  while (true) {
    const ssize_t count = sendfile(file_.get(), fd, nullptr, std::size_t{1} << 24);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(errno, host_path);
    if (count == 0) break;
    size_ += static_cast<std::uint64_t>(count);
    if (size_ > limits.file_bytes) {
      return Error{ErrorCode::kLimitExceeded, host_path + ": the inputs have more than " +
                                                  std::to_string(limits.file_bytes) + " bytes"};
    }
  }
  entry.size = size_ - entry.offset;
  return {};
}

}  // namespace plasm::worker
