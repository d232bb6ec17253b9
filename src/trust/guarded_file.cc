#include "trust/guarded_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/file.h"
#include "base/system_error.h"

namespace plasm::trust {
namespace {

constexpr mode_t kLockMode = 0600;

Error Refuse(ErrorCode code, const std::filesystem::path& path, const std::string& reason) {
  return {code, path.string() + ": " + reason};
}

Result<void> CheckWhoCanReach(const struct stat& info, const std::filesystem::path& path,
                              OthersMay others) {
  if (!S_ISREG(info.st_mode)) return Refuse(ErrorCode::kInvalid, path, "not a regular file");
  if (info.st_uid != geteuid() && info.st_uid != 0) {
    return Refuse(ErrorCode::kDenied, path,
                  "owned by user " + std::to_string(info.st_uid) + ", expected user " +
                      std::to_string(geteuid()) + " or root");
  }
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Refuse(ErrorCode::kDenied, path,
                  "others than its owner can write it: look through it, then run chmod go-w on it");
  }
  if (others == OthersMay::kNeitherReadNorWrite && (info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Refuse(ErrorCode::kDenied, path,
                  "others than its owner can read it: run chmod 600 on it, and replace what "
                  "stands in it if they may have read it");
  }
  return {};
}

}  // namespace

Result<Bytes> ReadGuardedFile(const std::filesystem::path& path, std::size_t max_bytes,
                              OthersMay others) {
  // O_NONBLOCK: a pipe in the file's place must not make us wait for a writer.
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (!fd && errno == ELOOP) {
    return Refuse(ErrorCode::kInvalid, path, "a symbolic link, expected the file itself");
  }
  if (!fd) return SystemError(errno, path.string());
  struct stat info{};
  if (fstat(fd.get(), &info) != 0) return SystemError(errno, path.string());
  PLASM_TRY_VOID(CheckWhoCanReach(info, path, others));
  return ReadDescriptor(fd.get(), path.string(), max_bytes);
}

Result<UniqueFd> LockFile(const std::filesystem::path& path, LockKind kind) {
  // A reader makes no file: one that is run as root would leave a lock that is root's.
  const int how = kind == LockKind::kShared ? O_RDONLY : O_RDWR | O_CREAT;
  UniqueFd fd(open(path.c_str(), how | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, kLockMode));
  if (!fd) {
    const bool out_of_reach = errno == ENOENT || errno == EACCES;
    if (kind == LockKind::kShared && out_of_reach) return UniqueFd();
    return SystemError(errno, path.string());
  }
  while (flock(fd.get(), kind == LockKind::kShared ? LOCK_SH : LOCK_EX) != 0) {
    if (errno != EINTR) return SystemError(errno, path.string());
  }
  return fd;
}

}  // namespace plasm::trust
