#include "worker/supervisor/executor.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include "base/system_error.h"

namespace plasm::worker {
namespace {

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kFirstPauseNs = 10'000'000;
constexpr unsigned kMostDoublings = 9;  // about five seconds
// What follows from an end may take as long as a short job.
constexpr unsigned kEndedPerRefill = 16;

}  // namespace

Executor::Executor(ExecutorSettings settings, Clock& clock)
    : settings_(std::move(settings)), clock_(clock), programs_(settings_.max_programs) {
  const Pipelining pipelining{std::max(settings_.pipeline_depth, 1u), settings_.slow_after_ns};
  for (unsigned i = 0; i < std::max(settings_.workers, 1u); ++i) {
    slots_.push_back(std::make_unique<Slot>(pipelining, clock_));
  }
}

Executor::~Executor() = default;

Result<void> Executor::StartWorkers() {
  for (auto& slot : slots_) PLASM_TRY_VOID(EnsureStarted(*slot));
  return {};
}

ProgramId Executor::AddProgram(UniqueFd artefact) {
  const ProgramId program = programs_.Add(std::move(artefact));
  UnloadGone();
  return program;
}

void Executor::RemoveProgram(ProgramId program) {
  programs_.Remove(program);
  UnloadGone();
}

void Executor::UnloadGone() {
  for (const ProgramId gone : programs_.TakeGone()) {
    for (auto& slot : slots_) slot->Unload(gone);
  }
}

JobHandle Executor::Submit(JobRequest request) {
  auto job = std::make_unique<ActiveJob>();
  job->handle = next_handle_++;
  job->request = std::move(request);
  job->has_program = programs_.Use(job->request.program);
  const JobHandle handle = job->handle;
  jobs_.emplace(handle, job.get());
  job->place = waiting_.insert(waiting_.end(), nullptr);
  *job->place = std::move(job);
  return handle;
}

void Executor::Cancel(JobHandle handle) {
  const auto found = jobs_.find(handle);
  if (found == jobs_.end() || found->second->cancelled) return;
  ActiveJob& job = *found->second;
  job.cancelled = true;
  cancel_pending_ = true;
  if (job.slot == nullptr) {
    cancelled_.push_back(std::move(*job.place));
    waiting_.erase(job.place);
  } else if (job.slot->front() != &job) {
    cancelled_.push_back(job.slot->TakeBack(job));
  }
}

void Executor::CancelAll() {
  std::vector<JobHandle> all;
  for (const auto& [handle, job] : jobs_) all.push_back(handle);
  std::ranges::sort(all);
  for (const JobHandle handle : all) Cancel(handle);
}

bool Executor::CancelAsked() const {
  if (settings_.cancel_fd < 0) return false;
  pollfd asked{settings_.cancel_fd, POLLIN, 0};
  return poll(&asked, 1, 0) > 0;
}

void Executor::EndCancelled() {
  if (CancelAsked()) CancelAll();
  if (!std::exchange(cancel_pending_, false)) return;
  const JobEnding ending{.status = JobStatus::kCancelled, .message = "the job was cancelled"};
  // First out of the queues, then told: who is told may submit and cancel.
  Jobs cancelled = std::exchange(cancelled_, {});
  for (auto& slot : slots_) {
    if (slot->front() != nullptr && slot->front()->cancelled) Retire(*slot, ending);
  }
  for (auto& job : cancelled) End(std::move(job), ending);
}

Result<void> Executor::EnsureStarted(Slot& slot) {
  // A worker that died while it had nothing to do shows here, before it is given a job.
  if (slot.started() && slot.size() == 0 && !slot.Serve()) slot.Kill();
  if (slot.started()) return {};
  return slot.Start(settings_.worker_program,
                    {"run", "--target", settings_.target == Target::kPulley ? "pulley" : "native",
                     "--memory", std::to_string(settings_.worker_memory_bytes)});
}

std::uint64_t Executor::StartAfterNs(const Slot& slot) const {
  if (slot.failed_starts() == 0) return 0;
  return slot.last_start_ns() +
         (kFirstPauseNs << std::min(slot.failed_starts() - 1, kMostDoublings));
}

void Executor::ReplaceWorkers() {
  for (auto& slot : slots_) {
    if (slot->started() || clock_.MonotonicNs() < StartAfterNs(*slot)) continue;
    (void)EnsureStarted(*slot);  // on an error: once more after the pause
  }
}

bool Executor::Finished(const Wake& wake) const {
  return wake.owner == nullptr ? jobs_.empty() : stopped_;
}

Result<void> Executor::RunUntilIdle() { return RunWhileWanted({}); }

Result<void> Executor::Run(int wake_fd, ExecutorOwner& owner) {
  stopped_ = false;
  return RunWhileWanted({wake_fd, &owner});
}

Result<void> Executor::RunWhileWanted(const Wake& wake) {
  while (true) {
    EndCancelled();
    if (Finished(wake)) return {};
    HandOut(wake);
    if (wake.owner != nullptr) ReplaceWorkers();
    if (auto waited = Wait(wake); !waited) {
      FailAll(waited.error().message);
      return waited;
    }
    KeepTime();
  }
}

void Executor::HandOut(const Wake& wake) {
  while (true) {
    // No more than one of the owner's jobs waits here.
    if (waiting_.empty() && (wake.owner == nullptr || !wake.owner->SubmitNext())) return;
    Slot* const slot = SlotFor(*waiting_.front());
    if (slot == nullptr) return;
    auto job = std::move(waiting_.front());
    waiting_.pop_front();
    if (!job->has_program) {
      End(std::move(job), {.message = "the job's program is not there any more: add it again"});
      continue;
    }
    Result<void> handed = EnsureStarted(*slot);
    if (handed) handed = slot->HandOver(job, *programs_.Find(job->request.program));
    if (!handed) {
      End(std::move(job), {.message = "no worker could take the job: " + handed.error().message});
    }
  }
}

// A worker that must first start takes as long for that as many short jobs do.
Slot* Executor::SlotFor(const ActiveJob& job) {
  Slot* best = nullptr;
  const auto rank = [](const Slot& slot) { return std::pair(!slot.ready(), slot.size()); };
  for (const auto& slot : slots_) {
    if (!slot->HasRoomFor(job)) continue;
    if (best == nullptr || rank(*slot) < rank(*best)) best = slot.get();
  }
  return best;
}

void Executor::PutBack(Jobs jobs) {
  for (auto job = jobs.rbegin(); job != jobs.rend(); ++job) {
    ActiveJob& back = **job;
    waiting_.push_front(std::move(*job));
    back.place = waiting_.begin();
  }
}

void Executor::Polled::Add(int fd, short events, Slot* owner) {
  fds.push_back({fd, events, 0});
  owners.push_back(owner);
}

// Sends what is queued, waits for something to happen and deals with it.
Result<void> Executor::Wait(const Wake& wake) {
  const bool endless = wake.owner != nullptr;
  Polled polled{.fds = {}, .owners = {}, .deadline_ns = kNever};
  if (endless) polled.Add(wake.fd, POLLIN, nullptr);
  if (settings_.cancel_fd >= 0 && !jobs_.empty()) polled.Add(settings_.cancel_fd, POLLIN, nullptr);
  bool busy = false;
  for (auto& slot : slots_) {
    if (slot->started()) {
      if (auto prepared = Prepare(*slot, polled); !prepared) {
        RetireBroken(*slot, prepared.error());
        return {};  // who was told may have submitted and cancelled
      }
    } else if (endless) {
      polled.deadline_ns = std::min(polled.deadline_ns, StartAfterNs(*slot));
    }
    busy = busy || slot->size() > 0;
  }
  if (cancel_pending_ || Finished(wake)) return {};
  if (!busy && !endless) return {};
  if (poll(polled.fds.data(), polled.fds.size(), PollMilliseconds(polled.deadline_ns)) < 0) {
    return errno == EINTR ? Result<void>() : SystemError(errno, "poll");
  }
  for (std::size_t i = 0; i < polled.fds.size(); ++i) {
    if (polled.owners[i] == nullptr) continue;
    Slot& slot = *polled.owners[i];
    const pollfd& found = polled.fds[i];
    if (found.fd != slot.channel().fd()) {
      if (found.revents != 0) slot.front()->request.events->OnWritable();
    } else if ((found.revents & ~POLLOUT) == 0 && !slot.CanGoOn()) {
      continue;
    }
    Serve(slot, wake);
  }
  if (endless && polled.fds.front().revents != 0) wake.owner->OnWake();
  return {};
}

Result<void> Executor::Prepare(Slot& slot, Polled& polled) {
  if (!slot.FeedStdin()) Cancel(slot.front()->handle);
  PLASM_TRY(const IoStatus flushed, slot.channel().Flush(Blocking::kDontWait));
  const ActiveJob* const job = slot.front();
  const int blocked_on = job != nullptr ? job->request.events->BlockedOn() : -1;
  if (blocked_on >= 0) {
    polled.Add(blocked_on, POLLOUT, &slot);
  } else {
    const short out = flushed == IoStatus::kWouldBlock ? POLLOUT : 0;
    polled.Add(slot.channel().fd(), static_cast<short>(POLLIN | out), &slot);
  }
  if (job != nullptr && job->stdin_wanted > 0 && job->request.standard_input->PollFd() >= 0) {
    polled.Add(job->request.standard_input->PollFd(), POLLIN, nullptr);
  }
  polled.deadline_ns = std::min(polled.deadline_ns, slot.CanGoOn() ? 0 : NextDeadlineNs(slot));
  return {};
}

std::uint64_t Executor::NextDeadlineNs(const Slot& slot) const {
  std::uint64_t deadline = kNever;
  const ActiveJob* const job = slot.front();
  if (job != nullptr && job->request.timeout_ns > 0) {
    deadline = *job->started_ns + job->request.timeout_ns;
  }
  const bool others_behind = job == nullptr ? slot.size() > 0 : slot.jobs() > 1;
  if (others_behind && slot.busy_since_ns() && !slot.Slow()) {
    deadline = std::min(deadline, *slot.busy_since_ns() + settings_.slow_after_ns);
  }
  return deadline;
}

int Executor::PollMilliseconds(std::uint64_t deadline_ns) const {
  if (deadline_ns == 0) return 0;
  if (deadline_ns == kNever) return -1;
  const std::uint64_t now = clock_.MonotonicNs();
  const std::uint64_t left = deadline_ns > now ? (deadline_ns - now) / 1'000'000 + 1 : 0;
  return static_cast<int>(std::min<std::uint64_t>(left, 3'600'000));
}

void Executor::Serve(Slot& slot, const Wake& wake) {
  const unsigned most = std::max(settings_.pipeline_depth, kEndedPerRefill);
  for (unsigned ended = 1;; ++ended) {
    auto served = slot.Serve();
    if (!served) return RetireBroken(slot, served.error());
    if (!*served) return;
    auto& [job, ending, ran_ns] = **served;
    if (auto* const program = programs_.Find(job->request.program)) program->run_time.Add(ran_ns);
    End(std::move(job), std::move(ending));
    if (ended % kEndedPerRefill == 0) Refill(wake);
    if (ended == most) return slot.PutOff();  // the others' turn
  }
}

// No worker shall be without work while the ends of many jobs are dealt with.
void Executor::Refill(const Wake& wake) {
  if (Finished(wake)) return;
  HandOut(wake);
  for (auto& slot : slots_) {
    // What does not work is noticed when it is prepared for the next wait.
    if (slot->started()) (void)slot->channel().Flush(Blocking::kDontWait);
  }
}

void Executor::KeepTime() {
  for (auto& slot : slots_) {
    const ActiveJob* const job = slot->front();
    if (job != nullptr && job->request.timeout_ns > 0 &&
        clock_.MonotonicNs() - *job->started_ns >= job->request.timeout_ns) {
      Retire(*slot, {.status = JobStatus::kTimedOut, .message = "the job exceeded its wall time"});
      continue;
    }
    if (slot->size() == 0 || !slot->Slow()) continue;
    if (job == nullptr) {
      // It began a job just as that was taken back, and nobody needs it.
      PutBack(slot->Kill());
    } else if (slot->jobs() > 1 && slots_.size() > 1) {
      PutBack(slot->TakeBackWaiting());
    }
  }
}

void Executor::RetireBroken(Slot& slot, const Error& error) {
  ActiveJob* const job = slot.front();
  if (slot.ready() && slot.jobs() > 0 && (job == nullptr || (!job->heard_of && slot.jobs() > 1))) {
    // The worker may have been at any of them: what it said last is lost.
    Jobs jobs = slot.Kill();
    for (auto& suspect : jobs) suspect->alone = true;
    return PutBack(std::move(jobs));
  }
  // Of a worker that never was ready no module can be the cause.
  const bool worker_died = slot.ready() && job != nullptr && !job->reader_failed;
  Retire(slot, {.message = error.message, .worker_died = worker_died});
}

void Executor::Retire(Slot& slot, JobEnding ending) {
  std::unique_ptr<ActiveJob> current;
  if (slot.front() != nullptr) {
    if (slot.busy_since_ns()) {
      auto* const program = programs_.Find(slot.front()->request.program);
      if (program != nullptr) {
        program->run_time.AddAtLeast(clock_.MonotonicNs() - *slot.busy_since_ns());
      }
    }
    current = slot.TakeFront();
  }
  PutBack(slot.Kill());
  if (current) End(std::move(current), std::move(ending));
}

void Executor::FailAll(const std::string& message) {
  for (auto& slot : slots_) Retire(*slot, {.message = message});
  Jobs failed = std::exchange(cancelled_, {});
  for (auto& job : waiting_) {
    job->cancelled = true;  // out of the queue: nobody may look for it there
    failed.push_back(std::move(job));
  }
  waiting_.clear();
  for (auto& job : failed) End(std::move(job), {.message = message});
}

void Executor::End(std::unique_ptr<ActiveJob> job, JobEnding ending) {
  jobs_.erase(job->handle);
  if (job->started_ns) ending.wall_time_ns = clock_.MonotonicNs() - *job->started_ns;
  if (job->has_program) {
    programs_.Release(job->request.program);
    UnloadGone();
  }
  job->request.events->OnEnded(ending);
}

}  // namespace plasm::worker
