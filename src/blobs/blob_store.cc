#include "blobs/blob_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "base/file.h"
#include "base/system_error.h"

namespace plasm {
namespace {

Result<Sha256Digest> DigestOf(int fd, const std::filesystem::path& path) {
  Sha256 hash;
  std::array<std::byte, 1 << 16> buffer;
  off_t offset = 0;
  while (true) {
    const ssize_t count = pread(fd, buffer.data(), buffer.size(), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(errno, path.string());
    if (count == 0) return hash.Finish();
    hash.Update(ByteView(buffer).first(static_cast<std::size_t>(count)));
    offset += count;
  }
}

}  // namespace

std::filesystem::path BlobStore::PathOf(const Sha256Digest& digest) const {
  const std::string hex = digest.ToHex();
  return folder_ / hex.substr(0, 2) / hex.substr(2);
}

bool BlobStore::Has(const Sha256Digest& digest) const {
  return access(PathOf(digest).c_str(), R_OK) == 0;
}

Result<void> BlobStore::Put(const Sha256Digest& digest, ByteView bytes) const {
  const auto path = PathOf(digest);
  struct stat status{};
  // A file that was cut by a power failure has the wrong size; one of the right size is read
  // and checked by whoever opens it.
  if (stat(path.c_str(), &status) == 0 &&
      static_cast<std::uint64_t>(status.st_size) == bytes.size()) {
    return {};
  }
  PLASM_TRY_VOID(CreateFolders(path.parent_path(), 0700));
  return WriteFileAtomically(path, bytes, {.mode = 0400, .durability = Durability::kBuffered});
}

Result<UniqueFd> BlobStore::Open(const Sha256Digest& digest) const {
  const auto path = PathOf(digest);
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return SystemError(errno, path.string());
  PLASM_TRY(const Sha256Digest found, DigestOf(fd.get(), path));
  if (found != digest) {
    unlink(path.c_str());
    return Error{ErrorCode::kNotFound, path.string() + " was damaged and has been removed"};
  }
  return fd;
}

Result<Bytes> BlobStore::Read(const Sha256Digest& digest, std::uint64_t max_bytes) const {
  PLASM_TRY(const UniqueFd fd, Open(digest));
  return ReadDescriptor(fd.get(), PathOf(digest).string(), max_bytes);
}

}  // namespace plasm
