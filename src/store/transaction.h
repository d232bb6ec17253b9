// A group of writes as one transaction of the database: all of it or nothing.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "store/job_writes.h"
#include "store/sqlite.h"
#include "store/writes.h"

namespace plasm::store {

// One write that waits for its group.
template <class W>
struct Waiting {
  W write;
  std::function<void(Result<typename W::Outcome>)> done;
  std::optional<Result<typename W::Outcome>> outcome;
};

using AnyWaiting = std::variant<Waiting<SubmitJob>, Waiting<MarkStarted>, Waiting<EndJob>,
                                Waiting<CompleteJob>, Waiting<RequestCancel>, Waiting<RetireJobs>,
                                Waiting<AddUpload>, Waiting<UseNonce>, Waiting<PurgeExpired>>;

struct WalBounds {
  std::size_t checkpoint_bytes;
  std::size_t max_bytes;
};

// One thread at a time. The connection must outlive it.
class Transactions {
 public:
  Transactions(Connection& database, WalBounds bounds);
  Transactions(const Transactions&) = delete;
  Transactions& operator=(const Transactions&) = delete;
  ~Transactions();

  // Gives every write its outcome. On disk on return, but for a group of which nothing waits for
  // the disk.
  void Commit(std::span<AnyWaiting> group);

  // Moves the WAL into the database when it is large. Between groups; its errors are those of the
  // next group, if they last.
  void Checkpoint();

 private:
  // Nothing: all have an outcome and are committed. A number: this write alone is at fault, and
  // has its outcome; the others are to be tried again without it.
  Result<std::optional<std::size_t>> TryOnce(std::span<AnyWaiting> group);
  Result<void> SetSynchronous(Acknowledged acknowledged);

  Connection& database_;
  JobWrites writes_;
  const WalBounds bounds_;
  Acknowledged synchronous_ = Acknowledged::kOnDisk;
  std::size_t page_bytes_ = 4096;
  std::size_t wal_bytes_ = 0;
  bool failed_ = false;  // the last commit
};

}  // namespace plasm::store
