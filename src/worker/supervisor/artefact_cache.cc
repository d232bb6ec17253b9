#include "worker/supervisor/artefact_cache.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <vector>

#include "base/file.h"
#include "base/system_error.h"

#ifndef PLASM_ENGINE_ID
#error "PLASM_ENGINE_ID names the engine that artefacts are compiled for"
#endif

namespace plasm::worker {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxIndexBytes = 64 + 1;
constexpr std::uint64_t kTrimShare = 8;     // of max_bytes are stored between two trims
constexpr std::uint64_t kTrimSteps = 4096;  // in which that is counted

Result<Sha256Digest> DigestOfFile(int fd) {
  struct stat status{};
  if (fstat(fd, &status) != 0) return SystemError(errno, "artefact");
  if (status.st_size <= 0) return Error{ErrorCode::kCorrupt, "artefact is empty"};
  const auto size = static_cast<std::size_t>(status.st_size);
  void* mapped = mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
  if (mapped == MAP_FAILED) return SystemError(errno, "artefact");
  const Sha256Digest digest = Sha256Of(ByteView(static_cast<const std::byte*>(mapped), size));
  munmap(mapped, size);
  return digest;
}

fs::path ArtefactPath(const fs::path& folder, const Sha256Digest& digest) {
  return folder / (digest.ToHex() + ".cwasm");
}

std::optional<Sha256Digest> ReadIndex(const fs::path& path) {
  const auto text = ReadFile(path, kMaxIndexBytes);
  if (!text) return std::nullopt;
  auto digest = Sha256Digest::FromHex(AsText(*text).substr(0, 64));
  if (!digest) return std::nullopt;
  return *digest;
}

}  // namespace

fs::path ArtefactCache::IndexPath(const ArtefactKey& key) const {
  return folder_ / (key.module.ToHex() + "-" PLASM_ENGINE_ID +
                    (key.target == Target::kPulley ? "-pulley" : "-native") +
                    (key.tier == Tier::kQuick ? "-quick" : "-full"));
}

bool ArtefactCache::Has(const ArtefactKey& key) const {
  const auto digest = ReadIndex(IndexPath(key));
  return digest && access(ArtefactPath(folder_, *digest).c_str(), R_OK) == 0;
}

std::optional<UniqueFd> ArtefactCache::Find(const ArtefactKey& key) const {
  const auto expected = ReadIndex(IndexPath(key));
  if (!expected) {
    Drop(key);
    return std::nullopt;
  }
  const auto path = ArtefactPath(folder_, *expected);
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) {
    Drop(key);
    return std::nullopt;
  }
  const auto found = DigestOfFile(fd.get());
  if (!found || *found != *expected) {
    Drop(key);
    unlink(path.c_str());
    return std::nullopt;
  }
  // The access time is the clock of Trim; file systems mounted noatime need it set.
  const timespec times[2] = {{0, UTIME_NOW}, {0, UTIME_OMIT}};
  utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW);
  return fd;
}

Result<UniqueFd> ArtefactCache::NewFile() const {
  // Mostly there, and at worst one level is missing: made without waiting for the disk, since
  // a lost cache is made again.
  if (mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) {
    PLASM_TRY_VOID(CreateFolders(folder_, 0700));
  }
  UniqueFd file(open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!file) return SystemError(errno, folder_.string());
  return file;
}

Result<void> ArtefactCache::Store(const ArtefactKey& key, const UniqueFd& file) const {
  PLASM_TRY(const Sha256Digest digest, DigestOfFile(file.get()));
  const auto path = ArtefactPath(folder_, digest);
  const auto by_number = "/proc/self/fd/" + std::to_string(file.get());
  if (linkat(AT_FDCWD, by_number.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) != 0 &&
      errno != EEXIST) {
    return SystemError(errno, path.string());
  }
  PLASM_TRY_VOID(WriteFileAtomically(IndexPath(key), AsBytes(digest.ToHex()),
                                     {.mode = 0600, .durability = Durability::kBuffered}));
  struct stat status{};
  if (fstat(file.get(), &status) == 0 && TrimIsDue(static_cast<std::uint64_t>(status.st_size))) {
    Trim();
  }
  return {};
}

// Counts by the length of a file, one byte a step: appending needs no lock, and a count that
// is lost in a crash makes the next trim late, not wrong.
bool ArtefactCache::TrimIsDue(std::uint64_t stored_bytes) const {
  const std::uint64_t step = std::max<std::uint64_t>(max_bytes_ / kTrimShare / kTrimSteps, 1);
  const std::uint64_t due = std::max<std::uint64_t>(max_bytes_ / kTrimShare / step, 1);
  const std::uint64_t steps = std::min((stored_bytes + step - 1) / step, due);
  const UniqueFd count(open((folder_ / ".stored").c_str(),
                            O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!count) return true;
  const Bytes marks(static_cast<std::size_t>(steps), std::byte{'.'});
  struct stat status{};
  if (!WriteAll(count.get(), marks, ".stored") || fstat(count.get(), &status) != 0) return true;
  if (static_cast<std::uint64_t>(status.st_size) < due) return false;
  (void)!ftruncate(count.get(), 0);
  return true;
}

void ArtefactCache::Drop(const ArtefactKey& key) const { unlink(IndexPath(key).c_str()); }

void ArtefactCache::Trim() const {
  struct Artefact {
    fs::path path;
    std::uint64_t bytes;
    timespec used;
  };
  std::vector<Artefact> artefacts;
  std::uint64_t total = 0;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder_, failed)) {
    struct stat status{};
    if (entry.path().extension() != ".cwasm" || stat(entry.path().c_str(), &status) != 0) continue;
    artefacts.push_back({entry.path(), static_cast<std::uint64_t>(status.st_size),
                         std::max(status.st_atim, status.st_ctim, [](auto& a, auto& b) {
                           return std::pair(a.tv_sec, a.tv_nsec) < std::pair(b.tv_sec, b.tv_nsec);
                         })});
    total += artefacts.back().bytes;
  }
  std::ranges::sort(artefacts, {},
                    [](const Artefact& a) { return std::pair(a.used.tv_sec, a.used.tv_nsec); });
  // An index whose artefact is gone is dropped by the next Find.
  for (const auto& artefact : artefacts) {
    if (total <= max_bytes_) break;
    if (unlink(artefact.path.c_str()) == 0) total -= artefact.bytes;
  }
}

}  // namespace plasm::worker
