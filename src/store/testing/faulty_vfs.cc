#include "store/testing/faulty_vfs.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <span>

namespace plasm::store::testing {
namespace {

constexpr std::size_t kSector = 512;

struct File {
  sqlite3_file base;  // first: SQLite's view of it
  FaultyVfs* vfs;
  std::shared_ptr<FaultyVfs::Content>* content;  // null for what is not tracked
  sqlite3_file* machine() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& Of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
const sqlite3_io_methods& Machine(sqlite3_file* file) { return *Of(file).machine()->pMethods; }

int Close(sqlite3_file* file) noexcept {
  delete Of(file).content;
  return Machine(file).xClose(Of(file).machine());
}
int Read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) noexcept {
  Of(file).vfs->CountRead();
  return Machine(file).xRead(Of(file).machine(), to, size, offset);
}
int Write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) noexcept {
  if (Of(file).content != nullptr) {
    const ByteView bytes(static_cast<const std::byte*>(from), static_cast<std::size_t>(size));
    if (const int failed =
            Of(file).vfs->Write(**Of(file).content, bytes, static_cast<std::size_t>(offset))) {
      return failed;
    }
  }
  return Machine(file).xWrite(Of(file).machine(), from, size, offset);
}
int Truncate(sqlite3_file* file, sqlite3_int64 size) noexcept {
  if (Of(file).content != nullptr) {
    if (const int failed =
            Of(file).vfs->Truncate(**Of(file).content, static_cast<std::size_t>(size))) {
      return failed;
    }
  }
  return Machine(file).xTruncate(Of(file).machine(), size);
}
// The machine's own sync would only take time.
int Sync(sqlite3_file* file, int) noexcept {
  return Of(file).content == nullptr ? SQLITE_OK : Of(file).vfs->Sync(**Of(file).content);
}
int FileSize(sqlite3_file* file, sqlite3_int64* size) noexcept {
  return Machine(file).xFileSize(Of(file).machine(), size);
}
int Lock(sqlite3_file* file, int level) noexcept {
  return Machine(file).xLock(Of(file).machine(), level);
}
int Unlock(sqlite3_file* file, int level) noexcept {
  return Machine(file).xUnlock(Of(file).machine(), level);
}
int CheckReserved(sqlite3_file* file, int* out) noexcept {
  return Machine(file).xCheckReservedLock(Of(file).machine(), out);
}
int FileControl(sqlite3_file* file, int op, void* argument) noexcept {
  return Machine(file).xFileControl(Of(file).machine(), op, argument);
}
int SectorSize(sqlite3_file*) noexcept { return kSector; }
int Characteristics(sqlite3_file*) noexcept { return 0; }
int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** out) noexcept {
  return Machine(file).xShmMap(Of(file).machine(), page, size, extend, out);
}
int ShmLock(sqlite3_file* file, int offset, int count, int flags) noexcept {
  return Machine(file).xShmLock(Of(file).machine(), offset, count, flags);
}
void ShmBarrier(sqlite3_file* file) noexcept { Machine(file).xShmBarrier(Of(file).machine()); }
int ShmUnmap(sqlite3_file* file, int remove) noexcept {
  return Machine(file).xShmUnmap(Of(file).machine(), remove);
}

constexpr sqlite3_io_methods kMethods = {
    2,        Close,         Read,        Write,      Truncate,        Sync,   FileSize, Lock,
    Unlock,   CheckReserved, FileControl, SectorSize, Characteristics, ShmMap, ShmLock,  ShmBarrier,
    ShmUnmap, nullptr,       nullptr};

FaultyVfs& Self(sqlite3_vfs* vfs) { return *static_cast<FaultyVfs*>(vfs->pAppData); }

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) noexcept {
  File& opened = *new (file) File{};
  opened.vfs = &Self(vfs);
  sqlite3_vfs& machine = Self(vfs).machine();
  // Before the file is made: one that is new has nothing that was synced.
  auto content = name == nullptr ? nullptr : Self(vfs).Track(name);
  const int code = machine.xOpen(&machine, name, opened.machine(), flags, out);
  if (opened.machine()->pMethods == nullptr) return code;
  if (content) opened.content = new std::shared_ptr<FaultyVfs::Content>(std::move(content));
  opened.base.pMethods = &kMethods;
  return code;
}
int Delete(sqlite3_vfs* vfs, const char* name, int sync_folder) noexcept {
  if (const int failed = Self(vfs).Remove(name, sync_folder != 0)) return failed;
  sqlite3_vfs& machine = Self(vfs).machine();
  return machine.xDelete(&machine, name, sync_folder);
}

void Apply(Bytes& bytes, const FaultyVfs::Content::Change& change) {
  if (change.bytes.empty()) return bytes.resize(std::min(bytes.size(), change.offset));
  bytes.resize(std::max(bytes.size(), change.offset + change.bytes.size()));
  std::copy(change.bytes.begin(), change.bytes.end(),
            bytes.begin() + static_cast<std::ptrdiff_t>(change.offset));
}

std::string NewName() {
  static std::atomic<int> number = 0;
  return "faulty-" + std::to_string(++number);
}

}  // namespace

FaultyVfs::FaultyVfs() : machine_(sqlite3_vfs_find(nullptr)), name_(NewName()) {
  vfs_ = *machine_;
  vfs_.pNext = nullptr;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + machine_->szOsFile;
  vfs_.xOpen = Open;
  vfs_.xDelete = Delete;
  sqlite3_vfs_register(&vfs_, 0);
}

FaultyVfs::~FaultyVfs() { sqlite3_vfs_unregister(&vfs_); }

void FaultyVfs::Set(Fault fault) {
  const std::lock_guard lock(mutex_);
  fault_ = fault;
}
void FaultyVfs::CrashAfter(std::size_t steps) {
  const std::lock_guard lock(mutex_);
  left_ = steps;
}
bool FaultyVfs::crashed() const {
  const std::lock_guard lock(mutex_);
  return left_ == 0;
}
std::size_t FaultyVfs::syncs() const {
  const std::lock_guard lock(mutex_);
  return syncs_;
}

int FaultyVfs::Step(bool is_sync) {
  if (left_ == 0) return SQLITE_IOERR;
  if (left_ != std::numeric_limits<std::size_t>::max()) --left_;
  if (is_sync) return fault_ == Fault::kSyncFails ? SQLITE_IOERR_FSYNC : SQLITE_OK;
  switch (fault_) {
    case Fault::kNoRoom:
      return SQLITE_FULL;
    case Fault::kWriteFails:
      return SQLITE_IOERR_WRITE;
    case Fault::kReadOnly:
      return SQLITE_READONLY;
    default:
      return SQLITE_OK;
  }
}

int FaultyVfs::Write(Content& content, ByteView bytes, std::size_t offset) {
  const std::lock_guard lock(mutex_);
  if (const int failed = Step(false)) return failed;
  content.changes.push_back({offset, {bytes.begin(), bytes.end()}});
  Apply(content.now, content.changes.back());
  return SQLITE_OK;
}

int FaultyVfs::Truncate(Content& content, std::size_t size) {
  const std::lock_guard lock(mutex_);
  if (const int failed = Step(false)) return failed;
  content.changes.push_back({size, {}});
  Apply(content.now, content.changes.back());
  return SQLITE_OK;
}

int FaultyVfs::Sync(Content& content) {
  const std::lock_guard lock(mutex_);
  ++syncs_;
  if (const int failed = Step(true)) return failed;
  content.synced = content.now;
  content.changes.clear();
  return SQLITE_OK;
}

std::shared_ptr<FaultyVfs::Content> FaultyVfs::Track(const std::string& path) {
  const std::lock_guard lock(mutex_);
  auto& content = files_[path];
  if (!content) {
    content = std::make_shared<Content>();
    std::ifstream file(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    content->synced.assign(AsBytes(text).begin(), AsBytes(text).end());
    content->now = content->synced;
  }
  content->exists = true;
  return content;
}

int FaultyVfs::Remove(const std::string& path, bool sync_folder) {
  const std::lock_guard lock(mutex_);
  if (const int failed = Step(false)) return failed;
  const auto found = files_.find(path);
  if (found == files_.end()) return SQLITE_OK;
  if (sync_folder) {
    files_.erase(found);
    return SQLITE_OK;
  }
  found->second->now.clear();
  found->second->exists = false;
  return SQLITE_OK;
}

// What was removed without syncing its folder may be there again.
void FaultyVfs::Restart(Loss loss, std::uint64_t chance) {
  const std::lock_guard lock(mutex_);
  const auto survives = [&] {
    if (loss != Loss::kSome) return loss == Loss::kNothing;
    chance = chance * 6364136223846793005U + 1442695040888963407U;
    return (chance >> 63) != 0;
  };
  for (auto& [path, content] : files_) {
    std::filesystem::remove(path + "-shm");
    if (!content->exists && survives()) {
      std::filesystem::remove(path);
      continue;
    }
    Bytes left = content->synced;
    for (const Content::Change& change : content->changes) {
      if (change.bytes.empty()) {
        if (survives()) Apply(left, change);
        continue;
      }
      for (std::size_t at = 0; at < change.bytes.size(); at += kSector) {
        if (!survives()) continue;
        const auto sector =
            ByteView(change.bytes).subspan(at, std::min(kSector, change.bytes.size() - at));
        Apply(left, {change.offset + at, {sector.begin(), sector.end()}});
      }
    }
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(AsText(left).data(), static_cast<std::streamsize>(left.size()));
  }
  files_.clear();
  left_ = std::numeric_limits<std::size_t>::max();
  fault_ = Fault::kNone;
}

}  // namespace plasm::store::testing
