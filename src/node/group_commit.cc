#include "node/group_commit.h"

#include <utility>

namespace plasm::node {

GroupCommit::GroupCommit(NodeLog log, GroupLimits limits, Gathering gathering)
    : log_(std::move(log)), queue_(limits, gathering), thread_([this] { Run(); }) {}

Result<void> GroupCommit::Submit(IssuedReceipt receipt, Done done, std::size_t under_way) {
  const std::size_t bytes = receipt.envelope.payload.size();
  if (queue_.Add({std::move(receipt), std::move(done)}, bytes, under_way)) return {};
  return Error{ErrorCode::kUnavailable, "the log is being closed"};
}

void GroupCommit::Stop() {
  queue_.Close();
  if (thread_.joinable()) thread_.join();
}

void GroupCommit::Run() {
  std::vector<Waiting> group;
  while (queue_.Take(group)) {
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
