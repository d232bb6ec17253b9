// The one thread that writes.
#pragma once

#include <cstddef>
#include <thread>

#include "base/group_queue.h"
#include "base/result.h"
#include "store/sqlite.h"
#include "store/transaction.h"

namespace plasm::store {

// Whatever was submitted while a group was being committed is the next group. Thread-safe, but
// for its end.
class WriterThread {
 public:
  WriterThread(Connection database, WalBounds bounds, GroupLimits limits);
  ~WriterThread() { Stop(); }
  WriterThread(const WriterThread&) = delete;
  WriterThread& operator=(const WriterThread&) = delete;

  // `bytes`: about how much memory it holds. As JobStore::Submit.
  Result<void> Submit(AnyWaiting waiting, std::size_t bytes);
  std::size_t waiting() const { return queue_.size(); }
  void Stop();

 private:
  void Run();

  Connection database_;
  Transactions transactions_;  // the thread's
  GroupQueue<AnyWaiting> queue_;
  std::thread thread_;  // begins when everything above is there
};

}  // namespace plasm::store
