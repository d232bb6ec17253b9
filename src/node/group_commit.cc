#include "node/group_commit.h"

#include <utility>

namespace plasm::node {

GroupCommit::GroupCommit(NodeLog log, CommitLimits limits, Gathering gathering)
    : log_(std::move(log)), limits_(limits), gathering_(gathering), thread_([this] { Run(); }) {}

bool GroupCommit::HasRoomFor(std::size_t payload_bytes) const {
  return queue_.empty() || (queue_.size() < limits_.receipts &&
                            queued_bytes_ + payload_bytes <= limits_.payload_bytes);
}

Result<void> GroupCommit::Submit(IssuedReceipt receipt, Done done) {
  const std::size_t bytes = receipt.envelope.payload.size();
  {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return stopping_ || HasRoomFor(bytes); });
    if (stopping_) return Error{ErrorCode::kUnavailable, "the log is being closed"};
    queue_.push_back({std::move(receipt), std::move(done)});
    queued_bytes_ += bytes;
    if (queue_.size() != 1 && queue_.size() != gathering_.enough) return {};  // it has been told
  }
  work_.notify_one();
  return {};
}

std::size_t GroupCommit::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void GroupCommit::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  room_.notify_all();
  if (thread_.joinable()) thread_.join();
}

// A full queue is waited for no longer than a pause: nothing can come.
void GroupCommit::Gather(std::unique_lock<std::mutex>& lock) {
  const auto enough = [this] { return stopping_ || queue_.size() >= gathering_.enough; };
  for (std::size_t before = 0; queue_.size() - before >= gathering_.worth_waiting && !enough();) {
    before = queue_.size();
    work_.wait_for(lock, gathering_.pause, enough);
  }
}

void GroupCommit::Run() {
  std::vector<Waiting> group;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      work_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      Gather(lock);
      group.swap(queue_);
      queued_bytes_ = 0;
    }
    room_.notify_all();
    Commit(group);
    group.clear();
  }
}

void GroupCommit::Commit(std::vector<Waiting>& group) {
  std::vector<ByteView> entries;
  entries.reserve(group.size());
  for (const Waiting& waiting : group) entries.push_back(AsBytes(waiting.receipt.log_entry));
  const auto first = log_.Append(entries);
  for (std::uint64_t i = 0; i < group.size(); ++i) {
    auto [receipt, done] = std::exchange(group[i], {});  // ends here, not with the group
    if (!first) {
      done(first.error());
    } else if (auto proof = log_.Proof(*first + i)) {
      done(LoggedReceipt{std::move(receipt.envelope), *first + i, *std::move(proof),
                         receipt.result_digest});
    } else {
      done(std::move(proof).error());
    }
  }
}

}  // namespace plasm::node
