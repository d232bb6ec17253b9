// Receipts go into the node's log in groups, so that one checkpoint and one wait for the disk
// serve many (DESIGN: group commit).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "base/group_queue.h"
#include "base/result.h"
#include "node/node_log.h"
#include "node/receipt_issuer.h"

namespace plasm::node {

inline constexpr GroupLimits kCommitLimits{.items = 32'768, .bytes = std::size_t{64} << 20};

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

  // The limits' bytes are of payloads.
  explicit GroupCommit(NodeLog log, GroupLimits limits = kCommitLimits, Gathering gathering = {});
  ~GroupCommit() { Stop(); }
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // Waits while too much is waiting: the job has run, and its receipt must not be dropped. Who
  // would rather take less work than wait asks `waiting()` before. `done` is called exactly once
  // if and only if this gives no error; kUnavailable after Stop. `under_way`: as GroupQueue::Add.
  [[nodiscard]] Result<void> Submit(IssuedReceipt receipt, Done done,
                                    std::size_t under_way = SIZE_MAX);

  // Receipts that the next group will have, at this moment.
  std::size_t waiting() const { return queue_.size(); }

  // Commits what has been submitted, and ends the thread: on return every `done` has been
  // called. By one thread; a second call does nothing.
  void Stop();

 private:
  struct Waiting {
    IssuedReceipt receipt;
    Done done;
  };

  void Run();
  void Commit(std::vector<Waiting>& group);

  NodeLog log_;  // the thread's
  GroupQueue<Waiting> queue_;
  std::thread thread_;  // begins when everything above is there
};

}  // namespace plasm::node
