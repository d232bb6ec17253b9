#include "jobs/fair_queue.h"

#include <algorithm>

namespace plasm::jobs {
namespace {

// What a job is charged when it starts, so that many started at once by one client count before
// the first of them has ended. Close to the shortest job that there is.
constexpr std::uint64_t kStartCharge = 20'000;

}  // namespace

void FairQueue::Push(const std::string& client, Key job, std::uint32_t running_at_most) {
  Add(client, job, running_at_most, /*in_front=*/false);
}

void FairQueue::PushFront(const std::string& client, Key job, std::uint32_t running_at_most) {
  Add(client, job, running_at_most, /*in_front=*/true);
}

void FairQueue::Add(const std::string& client, Key job, std::uint32_t running_at_most,
                    bool in_front) {
  const auto [lane, is_new] = lanes_.try_emplace(client);
  if (is_new) lane->second.clock = now_;
  auto& jobs = lane->second.jobs;
  const auto place = jobs.insert(in_front ? jobs.begin() : jobs.end(), job);
  where_.emplace(job, std::pair(lane, place));
  lane->second.running_at_most = std::max(running_at_most, 1u);
  Update(lane);
}

std::optional<FairQueue::Key> FairQueue::Pop() {
  if (ready_.empty()) return std::nullopt;
  const auto lane = ready_.begin()->second;
  Lane& served = lane->second;
  const Key job = served.jobs.front();
  served.jobs.pop_front();
  where_.erase(job);
  ++served.running;
  now_ = std::max(now_, served.clock);
  ready_.erase(ready_.begin());
  served.ready = false;
  served.clock += kStartCharge;
  Update(lane);
  return job;
}

void FairQueue::Ended(const std::string& client, std::uint64_t took_ns) {
  const auto lane = lanes_.find(client);
  if (lane == lanes_.end() || lane->second.running == 0) return;
  Lane& ended = lane->second;
  --ended.running;
  if (ended.ready) {
    ready_.erase({ended.clock, lane->first});
    ended.ready = false;
  }
  ended.clock += took_ns > kStartCharge ? took_ns - kStartCharge : 0;
  Update(lane);
}

bool FairQueue::Remove(Key job) {
  const auto found = where_.find(job);
  if (found == where_.end()) return false;
  const auto [lane, place] = found->second;
  lane->second.jobs.erase(place);
  where_.erase(found);
  Update(lane);
  return true;
}

std::size_t FairQueue::waiting(const std::string& client) const {
  const auto lane = lanes_.find(client);
  return lane == lanes_.end() ? 0 : lane->second.jobs.size();
}

// Puts the lane where it belongs after a change of anything but its clock.
void FairQueue::Update(Lanes::iterator lane) {
  Lane& changed = lane->second;
  const bool ready = !changed.jobs.empty() && changed.running < changed.running_at_most;
  if (ready && !changed.ready) {
    // Whoever had nothing to do for a while has not saved up.
    if (changed.running == 0) changed.clock = std::max(changed.clock, now_);
    ready_.emplace(std::pair(changed.clock, lane->first), lane);
  } else if (!ready && changed.ready) {
    ready_.erase({changed.clock, lane->first});
  }
  changed.ready = ready;
  // A clock that is ahead of the others is remembered until they have come as far.
  if (changed.jobs.empty() && changed.running == 0 && changed.clock <= now_) lanes_.erase(lane);
}

}  // namespace plasm::jobs
