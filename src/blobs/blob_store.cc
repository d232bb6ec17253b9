#include "blobs/blob_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "base/file.h"
#include "base/system_error.h"

namespace plasm {
namespace {

std::filesystem::path PathOf(const std::filesystem::path& folder, const Sha256Digest& digest) {
  const std::string hex = digest.ToHex();
  return folder / hex.substr(0, 2) / hex.substr(2);
}

// A file that was cut by a power failure has the wrong size; one of the right size is checked
// by whoever reads it.
bool IsThere(const std::filesystem::path& path, std::uint64_t size) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 && static_cast<std::uint64_t>(status.st_size) == size;
}

}  // namespace

BlobWriter::~BlobWriter() {
  if (!name_.empty()) unlink(name_.c_str());
}

Result<void> BlobWriter::Write(ByteView bytes) {
  hash_.Update(bytes);
  bytes_ += bytes.size();
  return WriteAll(fd_.get(), bytes, name_);
}

Result<StoredBlob> BlobWriter::Finish() {
  const StoredBlob blob{hash_.Finish(), bytes_};
  const auto path = PathOf(folder_, blob.digest);
  if (IsThere(path, blob.bytes)) return blob;
  PLASM_TRY_VOID(CreateFolders(path.parent_path(), 0700));
  if (fchmod(fd_.get(), 0400) != 0 || rename(name_.c_str(), path.c_str()) != 0) {
    return SystemError(errno, path.string());
  }
  name_.clear();
  return blob;
}

bool BlobStore::Has(const Sha256Digest& digest) const {
  return access(PathOf(folder_, digest).c_str(), R_OK) == 0;
}

Result<void> BlobStore::Put(const Sha256Digest& digest, ByteView bytes) const {
  const auto path = PathOf(folder_, digest);
  if (IsThere(path, bytes.size())) return {};
  PLASM_TRY_VOID(CreateFolders(path.parent_path(), 0700));
  return WriteFileAtomically(path, bytes, {.mode = 0400, .durability = Durability::kBuffered});
}

Result<BlobWriter> BlobStore::NewBlob() const {
  PLASM_TRY_VOID(CreateFolders(folder_, 0700));
  std::string name = (folder_ / ".new.XXXXXX").string();
  UniqueFd fd(mkostemp(name.data(), O_CLOEXEC));
  if (!fd) return SystemError(errno, folder_.string());
  return BlobWriter(folder_, std::move(name), std::move(fd));
}

Result<UniqueFd> BlobStore::Find(const Sha256Digest& digest) const {
  const auto path = PathOf(folder_, digest);
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return SystemError(errno, path.string());
  return fd;
}

void BlobStore::OnDamaged(const Sha256Digest& digest) const {
  unlink(PathOf(folder_, digest).c_str());
}

}  // namespace plasm
