#include "blobs/partial_blobs.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/file.h"
#include "base/system_error.h"

namespace plasm {
namespace {

enum class Lock { kTaken, kBusy };

Result<Lock> TryLock(int fd, const std::string& name) {
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return Lock::kTaken;
  if (errno == EWOULDBLOCK) return Lock::kBusy;
  return SystemError(errno, name);
}

// The file may have got another name, or none, between its opening and its lock.
bool StillNamed(int fd, const std::filesystem::path& path) {
  struct stat open_file{};
  struct stat named{};
  return fstat(fd, &open_file) == 0 && lstat(path.c_str(), &named) == 0 &&
         open_file.st_ino == named.st_ino && open_file.st_dev == named.st_dev;
}

}  // namespace

Result<void> PartialBlob::Append(std::uint64_t offset, ByteView piece) {
  if (offset != bytes_) {
    return Error{ErrorCode::kConflict, digest_.ToString() + ": found a piece from byte " +
                                           std::to_string(offset) + " on, expected byte " +
                                           std::to_string(bytes_)};
  }
  if (piece.size() > max_bytes_ - bytes_) {
    return Error{ErrorCode::kLimitExceeded,
                 digest_.ToString() + ": larger than " + std::to_string(max_bytes_) + " bytes"};
  }
  if (auto written = WriteAll(fd_.get(), piece, path_.string()); !written) {
    const auto end = static_cast<off_t>(bytes_);
    if (ftruncate(fd_.get(), end) != 0 || lseek(fd_.get(), end, SEEK_SET) != end) Discard();
    return written;
  }
  hash_.Update(piece);
  bytes_ += piece.size();
  return {};
}

Result<StoredBlob> PartialBlob::Finish() {
  const Sha256Digest found = hash_.Finish();
  if (found != digest_) {
    Discard();
    return Error{ErrorCode::kInvalid, "blob: found contents with the digest " + found.ToString() +
                                          ", expected " + digest_.ToString() +
                                          ". Nothing was kept: send it again from its start"};
  }
  if (fsync(fd_.get()) != 0) return SystemError(errno, path_.string());
  PLASM_TRY_VOID(store_->Adopt(path_, digest_));
  // Not before: one that could not be adopted must be opened for writing again.
  if (fchmod(fd_.get(), 0400) != 0) return SystemError(errno, path_.string());
  fd_.Reset();
  return StoredBlob{digest_, bytes_};
}

void PartialBlob::Discard() {
  if (fd_) unlink(path_.c_str());
  fd_.Reset();
}

std::uint64_t PartialBlobs::SizeOf(const Sha256Digest& digest) const {
  struct stat status{};
  if (lstat((Folder() / digest.ToHex()).c_str(), &status) != 0) return 0;
  return static_cast<std::uint64_t>(status.st_size);
}

Result<PartialBlob> PartialBlobs::Open(const Sha256Digest& digest, std::uint64_t max_bytes) const {
  PLASM_TRY_VOID(CreateFolders(Folder(), 0700));
  const auto path = Folder() / digest.ToHex();
  UniqueFd fd(open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) return SystemError(errno, path.string());
  PLASM_TRY(const Lock lock, TryLock(fd.get(), path.string()));
  if (lock == Lock::kBusy || !StillNamed(fd.get(), path)) {
    return Error{ErrorCode::kConflict,
                 digest.ToString() +
                     ": somebody else is sending it. Wait, and ask whether it is "
                     "there"};
  }
  PartialBlob blob(store_, digest, path, std::move(fd), max_bytes);
  Bytes buffer(std::size_t{1} << 18);
  while (true) {
    const ssize_t count = read(blob.fd_.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(errno, path.string());
    if (count == 0) break;
    blob.hash_.Update(ByteView(buffer).first(static_cast<std::size_t>(count)));
    blob.bytes_ += static_cast<std::uint64_t>(count);
  }
  if (blob.bytes_ > max_bytes) {
    blob.Discard();
    return Error{ErrorCode::kLimitExceeded,
                 digest.ToString() + ": larger than " + std::to_string(max_bytes) + " bytes"};
  }
  return blob;
}

Result<std::uint64_t> PartialBlobs::RemoveOlderThan(std::uint64_t changed_before_ns) const {
  std::uint64_t removed = 0;
  std::error_code failed;
  std::filesystem::directory_iterator files(Folder(), failed);
  if (failed == std::errc::no_such_file_or_directory) return removed;
  if (failed) return SystemError(failed.value(), Folder().string());
  for (const auto& file : files) {
    const UniqueFd fd(open(file.path().c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    struct stat status{};
    if (!fd || fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    const auto changed_ns = static_cast<std::uint64_t>(status.st_mtim.tv_sec) * 1'000'000'000 +
                            static_cast<std::uint64_t>(status.st_mtim.tv_nsec);
    if (changed_ns >= changed_before_ns) continue;
    PLASM_TRY(const Lock lock, TryLock(fd.get(), file.path().string()));
    if (lock == Lock::kBusy || !StillNamed(fd.get(), file.path())) continue;
    if (unlink(file.path().c_str()) == 0) ++removed;
  }
  return removed;
}

}  // namespace plasm
