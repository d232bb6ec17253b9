// For tests: a file system for SQLite whose disk can be full or broken, and that can lose power
// after any step, and then what had not been synced.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace plasm::store::testing {

// What happens to that which was not synced.
enum class Loss {
  kNothing,     // only the process died
  kEverything,  // all of it is gone
  kSome,        // by chance, for each sector of each write
};

enum class Fault { kNone, kNoRoom, kWriteFails, kSyncFails, kReadOnly };

// Files are in the machine's file system. Thread-safe; outlives every connection.
class FaultyVfs {
 public:
  FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;
  ~FaultyVfs();

  const std::string& name() const { return name_; }

  // What writes and syncs give from now on.
  void Set(Fault fault);
  // After so many more writes, truncations, syncs and removals everything fails, until Restart.
  void CrashAfter(std::size_t steps);
  bool crashed() const;
  // The power is back. No connection may be open.
  void Restart(Loss loss, std::uint64_t chance = 0);

  std::size_t syncs() const;
  std::size_t reads() const { return reads_; }

  struct Content {
    Bytes synced;
    Bytes now;
    struct Change {  // a write, or a truncation when there are no bytes
      std::size_t offset;
      Bytes bytes;
    };
    std::vector<Change> changes;  // from `synced` to `now`
    bool exists = true;
  };

  // For the methods that SQLite calls: a result code, zero when the step is made.
  int Step(bool is_sync);
  int Write(Content& content, ByteView bytes, std::size_t offset);
  int Truncate(Content& content, std::size_t size);
  int Sync(Content& content);
  std::shared_ptr<Content> Track(const std::string& path);
  int Remove(const std::string& path, bool sync_folder);
  void CountRead() { ++reads_; }
  sqlite3_vfs& machine() { return *machine_; }

 private:
  sqlite3_vfs* const machine_;
  const std::string name_;
  sqlite3_vfs vfs_{};
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Content>> files_;
  Fault fault_ = Fault::kNone;
  std::size_t left_ = std::numeric_limits<std::size_t>::max();
  std::size_t syncs_ = 0;
  std::atomic<std::size_t> reads_ = 0;
};

}  // namespace plasm::store::testing
