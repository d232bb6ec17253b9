// The node's durable memory of jobs: one SQLite database, jobs.db, in a folder of the node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/job_list.h"
#include "store/job_record.h"
#include "store/job_state.h"
#include "store/writes.h"

namespace plasm::store {

struct StoreSettings {
  std::size_t readers = 4;  // connections for reads, opened when needed; more reads wait
  // What may wait while a group is being committed. The next group is all of it, so twice that
  // much can be in memory.
  std::size_t max_waiting_writes = 16'384;
  std::size_t max_waiting_bytes = std::size_t{64} << 20;  // a larger write waits alone
  // The write-ahead log: moved into the database beyond the first, whatever readers do beyond
  // the second.
  std::size_t checkpoint_bytes = std::size_t{8} << 20;
  std::size_t max_wal_bytes = std::size_t{64} << 20;
  std::string vfs{};  // SQLite's name of a file system; empty for the machine's
};

// A write as it waits: called on the writer's thread, once, after the commit. An error of the
// codes kUnavailable, kCorrupt or kInternal says that the whole group failed and that nothing of
// it was kept. Whoever waits here holds up the store.
template <class Write>
using Done = std::function<void(Result<typename Write::Outcome>)>;

// Thread-safe, but for its end. One thread writes: whatever was submitted while a group was
// being committed is the next group, in the order of submission, which is no delay when nothing
// else is going on and large groups under load. Reads see every write whose `done` was called.
// What was acknowledged as kOnDisk (writes.h) survives kill -9 and a power cut.
//
// kCorrupt, from anything, says which file is damaged and what can be done. When the disk is
// full or failing, writes give kUnavailable, and work again when it does.
class JobStore {
 public:
  // Makes the folder and the database when they are missing, and brings an older database up to
  // date. kConflict when another process has it open, or when a newer version made it;
  // kUnavailable when it cannot be written.
  static Result<JobStore> Open(const std::filesystem::path& folder, StoreSettings settings = {});

  JobStore(JobStore&&) noexcept;
  JobStore& operator=(JobStore&&) = delete;
  ~JobStore();  // as Stop

  // Write is one of store/writes.h. Waits while too much is waiting, unless called from a
  // `done`. `done` is called if and only if this gives no error; kUnavailable after Stop.
  template <class Write>
  [[nodiscard]] Result<void> Submit(Write write, Done<Write> done);

  // The same, and waits for the outcome. Not from a `done`.
  template <class Write>
  Result<typename Write::Outcome> SubmitAndWait(Write write);

  // Writes that the next group will have, at this moment.
  std::size_t waiting() const;

  // Commits what has been submitted: on return every `done` has been called. By one thread; a
  // second call does nothing. Reads go on to work.
  void Stop();

  // How often the database has been opened, this time included.
  std::uint64_t boots() const;

  // Nothing when there is no such job.
  Result<std::optional<JobRecord>> Find(std::string_view id) const;
  Result<std::optional<JobRecord>> FindBySeq(std::uint64_t seq) const;
  Result<std::optional<JobSummary>> FindSummary(std::string_view id) const;

  // Newest first. Bounded work: a page may be short, or empty, although more follow.
  Result<JobPage> List(const JobFilter& filter, std::optional<JobCursor> after,
                       std::size_t limit) const;

  // Queued and running ones, in the order of submission: what a start has to run (again). From
  // `after` (a seq) on, at most `limit`.
  Result<std::vector<JobRecord>> Unfinished(std::uint64_t after, std::size_t limit) const;

  Result<JobCounts> Counts() const;

  // Whether a job or an upload that has not been purged refers to it.
  Result<bool> IsReferred(const Sha256Digest& digest) const;
  // Whether one of this client's does.
  Result<bool> IsReferredBy(std::string_view client, const Sha256Digest& digest) const;

 private:
  struct Parts;
  explicit JobStore(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace plasm::store
