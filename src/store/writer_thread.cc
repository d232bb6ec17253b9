#include "store/writer_thread.h"

#include <utility>
#include <vector>

namespace plasm::store {

WriterThread::WriterThread(Connection database, WalBounds bounds, GroupLimits limits)
    : database_(std::move(database)),
      transactions_(database_, bounds),
      queue_(limits, kNoGathering),
      thread_([this] { Run(); }) {}

Result<void> WriterThread::Submit(AnyWaiting waiting, std::size_t bytes) {
  if (queue_.Add(std::move(waiting), bytes)) return {};
  return Error{ErrorCode::kUnavailable, "the store of jobs is being closed"};
}

void WriterThread::Stop() {
  queue_.Close();
  if (thread_.joinable()) thread_.join();
}

void WriterThread::Run() {
  std::vector<AnyWaiting> group;
  while (queue_.Take(group)) {
    transactions_.Commit(group);
    for (AnyWaiting& waiting : group) {
      std::visit([](auto& w) { w.done(*std::move(w.outcome)); }, waiting);
    }
    group.clear();
    transactions_.Checkpoint();
  }
}

}  // namespace plasm::store
