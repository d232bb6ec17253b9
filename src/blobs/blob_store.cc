#include "blobs/blob_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <set>
#include <system_error>
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
// by whoever reads it. One that is put again is young again: nobody collects it meanwhile.
bool IsThere(const std::filesystem::path& path, std::uint64_t size) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 && static_cast<std::uint64_t>(status.st_size) == size &&
         utimensat(AT_FDCWD, path.c_str(), nullptr, AT_SYMLINK_NOFOLLOW) == 0;
}

Result<void> SyncPath(const std::filesystem::path& path, int flags) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | flags));
  if (!fd || fsync(fd.get()) != 0) return SystemError(errno, path.string());
  return {};
}

// The files of one folder of two digits.
Result<void> ListFolder(const std::filesystem::directory_entry& folder,
                        std::vector<ListedBlob>& blobs) {
  std::error_code failed;
  std::filesystem::directory_iterator files(folder.path(), failed);
  for (const auto& file : files) {
    const auto digest =
        Sha256Digest::FromHex(folder.path().filename().string() + file.path().filename().string());
    struct stat status{};
    if (!digest || lstat(file.path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    constexpr std::uint64_t kSecond = 1'000'000'000;
    blobs.push_back({*digest, static_cast<std::uint64_t>(status.st_size),
                     static_cast<std::uint64_t>(status.st_mtim.tv_sec) * kSecond +
                         static_cast<std::uint64_t>(status.st_mtim.tv_nsec)});
  }
  if (failed) return SystemError(failed.value(), folder.path().string());
  return {};
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

// All files before the first folder: the disk has taken most of them by then.
Result<void> BlobStore::Sync(std::span<const Sha256Digest> digests) const {
  std::set<std::filesystem::path> folders;
  for (const Sha256Digest& digest : digests) {
    const auto path = PathOf(folder_, digest);
    PLASM_TRY_VOID(SyncPath(path, 0));
    folders.insert(path.parent_path());
  }
  for (const auto& folder : folders) PLASM_TRY_VOID(SyncPath(folder, O_DIRECTORY));
  return {};
}

Result<void> BlobStore::Adopt(const std::filesystem::path& file, const Sha256Digest& digest) const {
  const auto path = PathOf(folder_, digest);
  PLASM_TRY_VOID(CreateFolders(path.parent_path(), 0700));
  if (rename(file.c_str(), path.c_str()) != 0) return SystemError(errno, path.string());
  return SyncPath(path.parent_path(), O_DIRECTORY);
}

Result<void> BlobStore::PutDurably(const Sha256Digest& digest, ByteView bytes) const {
  if (const Sha256Digest found = Sha256Of(bytes); found != digest) {
    return Error{ErrorCode::kInvalid, "blob: found contents with the digest " + found.ToString() +
                                          ", expected " + digest.ToString()};
  }
  // What is there may have been damaged by a power cut before it was synced.
  const auto path = PathOf(folder_, digest);
  if (IsThere(path, bytes.size())) {
    const auto kept = ReadFile(path, bytes.size());
    if (kept && std::ranges::equal(*kept, bytes)) return Sync(std::span(&digest, 1));
  }
  PLASM_TRY_VOID(CreateFolders(path.parent_path(), 0700));
  return WriteFileAtomically(path, bytes, {.mode = 0400, .durability = Durability::kSynced});
}

Result<void> BlobStore::Remove(const Sha256Digest& digest) const {
  const auto path = PathOf(folder_, digest);
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return SystemError(errno, path.string());
}

Result<std::vector<ListedBlob>> BlobStore::List() const {
  std::vector<ListedBlob> blobs;
  std::error_code failed;
  std::filesystem::directory_iterator folders(folder_, failed);
  if (failed == std::errc::no_such_file_or_directory) return blobs;
  if (failed) return SystemError(failed.value(), folder_.string());
  for (const auto& folder : folders) {
    if (folder.is_directory(failed) && folder.path().filename().string().size() == 2) {
      PLASM_TRY_VOID(ListFolder(folder, blobs));
    }
  }
  return blobs;
}

void BlobStore::OnDamaged(const Sha256Digest& digest) const {
  unlink(PathOf(folder_, digest).c_str());
}

}  // namespace plasm
