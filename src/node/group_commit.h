// Receipts go into the node's log in groups, so that one checkpoint and one wait for the disk
// serve many (DESIGN: group commit).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "node/node_log.h"
#include "node/receipt_issuer.h"

namespace plasm::node {

// What may wait while a group is being committed. The next group is all of it, so twice that
// much can be in memory.
struct CommitLimits {
  std::size_t receipts = 32'768;
  std::size_t payload_bytes = std::size_t{64} << 20;  // one larger receipt waits alone
};

// How long a group is waited for while receipts keep coming. Files, checkpoint and syncs are a
// group's, so a large one costs each of its receipts less. A few receipts never wait.
struct Gathering {
  std::size_t enough = 512;                // a group of that many goes at once
  std::size_t worth_waiting = 16;          // found waiting, or come during one pause
  std::chrono::microseconds pause{2'000};  // then it is asked again whether so many came
};

// A thread that owns a log. Whatever was submitted while a group was being committed is the next
// group, and under load what else comes soon: no delay when nothing else is going on, large
// groups otherwise. Thread-safe, but for its end.
class GroupCommit {
 public:
  // Called on the committing thread, in the order of the submissions. An error says that the
  // receipt must not be delivered; it may nevertheless be found in the log later. Whoever waits
  // here holds up the log, and Submit and Stop may not be called from here: they could wait for
  // this very thread.
  using Done = std::function<void(Result<LoggedReceipt>)>;

  explicit GroupCommit(NodeLog log, CommitLimits limits = {}, Gathering gathering = {});
  ~GroupCommit() { Stop(); }
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // Waits while too much is waiting: the job has run, and its receipt must not be dropped. Who
  // would rather take less work than wait asks `waiting()` before. `done` is called exactly once
  // if and only if this gives no error; kUnavailable after Stop.
  [[nodiscard]] Result<void> Submit(IssuedReceipt receipt, Done done);

  // Receipts that the next group will have, at this moment.
  std::size_t waiting() const;

  // Commits what has been submitted, and ends the thread: on return every `done` has been
  // called. By one thread; a second call does nothing.
  void Stop();

 private:
  struct Waiting {
    IssuedReceipt receipt;
    Done done;
  };

  bool HasRoomFor(std::size_t payload_bytes) const;  // with the lock held
  void Gather(std::unique_lock<std::mutex>& lock);
  void Run();
  void Commit(std::vector<Waiting>& group);

  NodeLog log_;  // the thread's
  const CommitLimits limits_;
  const Gathering gathering_;
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable room_;
  std::vector<Waiting> queue_;
  std::size_t queued_bytes_ = 0;
  bool stopping_ = false;
  std::thread thread_;  // begins when everything above is there
};

}  // namespace plasm::node
