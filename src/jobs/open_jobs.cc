#include "jobs/open_jobs.h"

#include <algorithm>
#include <utility>

namespace plasm::jobs {

namespace {

// By a clock that may have been set back meanwhile.
std::uint64_t Passed(std::uint64_t from_ns, std::uint64_t to_ns) {
  return to_ns > from_ns ? to_ns - from_ns : 0;
}

// Nobody uses the places of others, of the same share either.
std::string PlaceOf(const Client& client, std::string_view name) {
  return std::string(client.name).append(1, '\n').append(name);
}

std::string Counts(std::uint64_t unfinished, std::uint64_t held) {
  return std::to_string(unfinished) + " unfinished, " + std::to_string(held) +
         " held for jobs to come";
}

}  // namespace

bool MaySee(const Client& client, std::string_view owner) {
  return client.sees_others || client.name == owner;
}

Result<void> OpenJobs::Reserve(const Client& client, std::string_view name) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t now = clock_.MonotonicNs();
  const std::string place = PlaceOf(client, name);
  if (!reservations_.IsHeld(client.Share(), place, now)) PLASM_TRY_VOID(FindRoom(client, now));
  if (reservations_.Hold(client.Share(), place, now) != Reservations::Held::kNone) return {};
  return Error{ErrorCode::kOverloaded, "as many places are held for jobs to come as may be"};
}

Result<OpenJobs::Entrance> OpenJobs::Open(const Client& client, TaskPtr task, WhenAccepted accepted,
                                          WhenEnded ended, std::string_view reservation) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t now = clock_.MonotonicNs();
  const store::JobSummary& summary = task->summary;
  if (const auto same = SameJob(summary); same != entries_.end()) {
    Entry& entry = same->second;
    if (entry.summary.client != summary.client ||
        entry.summary.manifest_digest != summary.manifest_digest) {
      return Error{ErrorCode::kConflict,
                   same->first +
                       ": its id or idempotency key stands for another job. A new job "
                       "needs a new one"};
    }
    UsePlace(client, reservation, now);
    if (ended) entry.when_ended.push_back(std::move(ended));
    Entrance entrance{.how = Joined{}, .id = same->first};
    if (entry.summary.seq != 0) {
      entrance.accepted_now = std::move(accepted);
    } else {
      entry.when_accepted.push_back(std::move(accepted));
    }
    return entrance;
  }
  if (!UsePlace(client, reservation, now)) PLASM_TRY_VOID(FindRoom(client, now));
  Entrance entrance{.how = Opened{}, .id = summary.id};
  Insert(std::move(task), std::move(accepted), std::move(ended));
  return entrance;
}

bool OpenJobs::UsePlace(const Client& client, std::string_view name, std::uint64_t now_ns) {
  return !name.empty() && reservations_.Release(client.Share(), PlaceOf(client, name), now_ns);
}

Result<void> OpenJobs::FindRoom(const Client& client, std::uint64_t now_ns) {
  const auto count = of_share_.find(client.Share());
  const std::uint64_t unfinished = count == of_share_.end() ? 0 : count->second;
  const std::uint64_t held = reservations_.CountOf(client.Share(), now_ns);
  if (unfinished + held >= client.quota.unfinished) {
    return Error{ErrorCode::kOverloaded,
                 "this client has as many jobs as it may: " + Counts(unfinished, held)};
  }
  const std::uint64_t all_held = reservations_.Count(now_ns);
  if (entries_.size() + all_held >= at_most_) {
    return Error{ErrorCode::kOverloaded, "the queue is full: " + Counts(entries_.size(), all_held)};
  }
  return {};
}

void OpenJobs::Restore(TaskPtr task) {
  const std::lock_guard lock(mutex_);
  Insert(std::move(task), {}, {});
}

void OpenJobs::Insert(TaskPtr task, WhenAccepted accepted, WhenEnded ended) {
  Entry entry{.task = task, .summary = task->summary};
  if (accepted) entry.when_accepted.push_back(std::move(accepted));
  if (ended) entry.when_ended.push_back(std::move(ended));
  const store::JobSummary& summary = task->summary;
  ++of_share_[task->Share()];
  if (summary.idempotency_key) by_key_[{summary.client, *summary.idempotency_key}] = summary.id;
  entries_.emplace(summary.id, std::move(entry));
}

OpenJobs::Entries::iterator OpenJobs::SameJob(const store::JobSummary& summary) {
  if (summary.idempotency_key) {
    const auto id = by_key_.find({summary.client, *summary.idempotency_key});
    if (id != by_key_.end()) return entries_.find(id->second);
  }
  return entries_.find(summary.id);
}

void OpenJobs::Postpone(const std::string& id, Unwritten unwritten) {
  const std::lock_guard lock(mutex_);
  entries_.at(id).unwritten = std::move(unwritten);
}

std::optional<OpenJobs::ToWrite> OpenJobs::TakeUnwritten(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end() || !found->second.unwritten) return std::nullopt;
  ToWrite taken{found->second.task, *std::move(found->second.unwritten)};
  found->second.unwritten.reset();
  return taken;
}

OpenJobs::AfterAcceptance OpenJobs::Accept(const std::string& id, std::uint64_t seq) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_.at(id);
  entry.summary.seq = seq;
  AfterAcceptance after{.told = std::exchange(entry.when_accepted, {}),
                        .end = std::exchange(entry.end, std::nullopt)};
  if (after.end) after.end->seq = seq;
  return after;
}

OpenJobs::Left OpenJobs::Remove(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return {};
  const store::JobSummary& summary = found->second.summary;
  if (const auto count = of_share_.find(found->second.task->Share()); --count->second == 0) {
    of_share_.erase(count);
  }
  if (summary.idempotency_key) by_key_.erase({summary.client, *summary.idempotency_key});
  Left left{.accepted = std::move(found->second.when_accepted),
            .ended = std::move(found->second.when_ended),
            .cancel_requested = summary.cancel_requested};
  entries_.erase(found);
  return left;
}

std::optional<std::uint64_t> OpenJobs::Start(const Task& task) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(task.summary.id);
  if (found == entries_.end()) return std::nullopt;
  store::JobSummary& summary = found->second.summary;
  summary.state = store::JobState::kRunning;
  summary.attempts = task.summary.attempts;
  summary.started_ns = task.summary.started_ns;
  if (summary.attempts == 1 && summary.started_ns) {
    times_.waiting.Add(Passed(summary.submitted_ns, *summary.started_ns));
  }
  return summary.seq != 0 ? std::optional(summary.seq) : std::nullopt;
}

std::optional<OpenJobs::Ending> OpenJobs::End(const std::string& id, store::EndJob end) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return std::nullopt;
  Entry& entry = found->second;
  CountRun(entry, end);
  if (entry.unwritten) {
    return Ending{std::move(end), std::exchange(entry.unwritten, std::nullopt)};
  }
  if (entry.summary.seq == 0) {
    entry.end = std::move(end);
    return std::nullopt;
  }
  end.seq = entry.summary.seq;
  return Ending{std::move(end)};
}

// Once, however often the end has to be written.
void OpenJobs::CountRun(Entry& entry, const store::EndJob& end) {
  if (!end.started_ns || std::exchange(entry.run_is_counted, true)) return;
  times_.running.Add(Passed(*end.started_ns, end.end.ended_ns));
}

OpenJobs::Entries::iterator OpenJobs::FindVisible(const Client& client, std::string_view id) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || !MaySee(client, found->second.summary.client)) {
    return entries_.end();
  }
  return found;
}

std::optional<OpenJobs::View> OpenJobs::Find(const Client& client, std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end() || !MaySee(client, found->second.summary.client)) {
    return std::nullopt;
  }
  return View{found->second.task, found->second.summary};
}

bool OpenJobs::WaitFor(const Client& client, std::string_view id, const WhenEnded& ended) {
  const std::lock_guard lock(mutex_);
  const auto found = FindVisible(client, id);
  if (found == entries_.end()) return false;
  found->second.when_ended.push_back(ended);
  return true;
}

std::optional<std::uint64_t> OpenJobs::RequestCancel(const Client& client, std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto found = FindVisible(client, id);
  if (found == entries_.end()) return std::nullopt;
  found->second.summary.cancel_requested = true;
  return found->second.task->number;
}

std::uint64_t OpenJobs::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace plasm::jobs
