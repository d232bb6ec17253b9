// The one thread that writes.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "store/sqlite.h"
#include "store/transaction.h"

namespace plasm::store {

struct WaitingLimits {
  std::size_t writes;
  std::size_t bytes;
};

// Whatever was submitted while a group was being committed is the next group. Thread-safe, but
// for its end.
class WriterThread {
 public:
  WriterThread(Connection database, WalBounds bounds, WaitingLimits limits);
  ~WriterThread() { Stop(); }
  WriterThread(const WriterThread&) = delete;
  WriterThread& operator=(const WriterThread&) = delete;

  // `bytes`: about how much memory it holds. As JobStore::Submit.
  Result<void> Submit(AnyWaiting waiting, std::size_t bytes);
  std::size_t waiting() const;
  void Stop();

 private:
  bool HasRoomFor(std::size_t bytes) const;  // with the lock held
  void Run();

  Connection database_;
  Transactions transactions_;  // the thread's
  const WaitingLimits limits_;
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable room_;
  std::vector<AnyWaiting> queue_;
  std::size_t queued_bytes_ = 0;
  bool stopping_ = false;
  std::thread::id writer_;  // may not wait for room: it makes it
  std::thread thread_;      // begins when everything above is there
};

}  // namespace plasm::store
