#include "jobs/runner.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/system_error.h"
#include "base/utc_time.h"
#include "execution/finished_run.h"
#include "jobs/retry.h"
#include "worker/supervisor/compiler.h"

namespace plasm::jobs {
namespace {

constexpr unsigned kPreparingAtMost = 8;  // tasks whose inputs are in memory before they run

Result<UniqueFd> WatchBoth(int first, int second) {
  UniqueFd both(epoll_create1(EPOLL_CLOEXEC));
  if (!both) return SystemError(errno, "epoll");
  for (const int fd : {first, second}) {
    epoll_event event{};
    event.events = EPOLLIN;
    if (epoll_ctl(both.get(), EPOLL_CTL_ADD, fd, &event) != 0) return SystemError(errno, "epoll");
  }
  return both;
}

class Nobody final : public worker::JobEvents {
 public:
  void OnOutput(worker::Stream, ByteView) override {}
  void OnEnded(const worker::JobEnding&) override {}
};

store::StreamRecord EmptyStream() { return {.digest = Sha256Of({}), .contents = Bytes()}; }

// A blob that is damaged was removed by whoever noticed; trying again does not bring it back.
std::string NeedsUpload(const std::string& why) {
  return "a blob that the job needs is damaged or gone: " + why +
         ". Upload it again and submit the job anew";
}

// Of a task that gave nothing.
GuestRun::Gathered Nothing(execution::FinishedRun run) {
  return {.run = std::move(run),
          .results = {.standard_output = EmptyStream(), .standard_error = EmptyStream()}};
}

}  // namespace

Result<std::unique_ptr<Runner>> Runner::Start(RunnerSettings settings, const BlobStore& blobs,
                                              RunnerEvents& events, Clock& clock) {
  PLASM_TRY(auto mailbox, Mailbox::Create());
  PLASM_TRY(auto timers, Timers::Create(clock));
  PLASM_TRY(UniqueFd wake, WatchBoth(mailbox->fd(), timers->fd()));
  auto cache = std::make_unique<worker::ArtefactCache>(settings.artefacts);
  PLASM_TRY(auto compiler, worker::CompileService::Start(
                               {.worker_program = settings.executor.worker_program}, *cache, clock,
                               [&blobs](const Sha256Digest& module) {
                                 return ReadContent(blobs, module, worker::kMaxModuleFileBytes);
                               }));
  return std::unique_ptr<Runner>(new Runner(std::move(settings), blobs, events, clock,
                                            std::move(mailbox), std::move(timers), std::move(wake),
                                            std::move(compiler), std::move(cache)));
}

Runner::Runner(RunnerSettings settings, const BlobStore& blobs, RunnerEvents& events, Clock& clock,
               std::unique_ptr<Mailbox> mailbox, std::unique_ptr<Timers> timers, UniqueFd wake,
               std::unique_ptr<worker::CompileService> compiler,
               std::unique_ptr<worker::ArtefactCache> cache)
    : settings_(std::move(settings)),
      blobs_(blobs),
      events_(events),
      clock_(clock),
      mailbox_(std::move(mailbox)),
      timers_(std::move(timers)),
      wake_(std::move(wake)),
      cache_(std::move(cache)),
      preparer_(std::make_unique<Preparer>(blobs_, *mailbox_)),
      compiler_(std::move(compiler)),
      thread_([this] { Work(); }) {}

Runner::~Runner() { Stop(0); }

void Runner::Add(TaskPtr task) {
  mailbox_->Post([this, task = std::move(task)] { Enqueue(task); });
}

void Runner::AddLater(TaskPtr task) {
  mailbox_->Post([this, task = std::move(task)] {
    task->live->StartOver();
    timers_->After(1'000'000'000, [this, task] { Enqueue(task); });
  });
}

void Runner::Enqueue(TaskPtr task) {
  ++tasks_;
  const std::uint64_t number = task->number;
  queue_.Push(task->Share(), number, task->running_at_most);
  slots_.emplace(number, Slot{.task = std::move(task)});
}

void Runner::Cancel(std::uint64_t task) {
  mailbox_->Post([this, task] { CancelNow(task); });
}

void Runner::Forget(std::uint64_t task) {
  mailbox_->Post([this, task] { ForgetNow(task); });
}

void Runner::WarmUp(std::vector<Sha256Digest> modules, Keep keep, WhenWarm warm) {
  mailbox_->Post([this, modules = std::move(modules), keep, warm = std::move(warm)] {
    for (const Sha256Digest& module : modules) {
      if (!warming_.emplace(module, warm).second) continue;
      programs_->Warm(module, keep);
    }
  });
}

void Runner::Stop(std::uint64_t grace_ns) {
  if (!thread_.joinable()) return;
  mailbox_->Post([this, grace_ns] {
    draining_ = true;
    timers_->After(grace_ns, [this] { executor_->Stop(); });
    StopIfDone();
  });
  thread_.join();
}

// Workers die with the thread that started them, so the executor lives and ends here.
void Runner::Work() {
  worker::Executor executor(settings_.executor, clock_);
  Programs programs(executor, *compiler_, *cache_, *mailbox_, *this);
  executor_ = &executor;
  programs_ = &programs;
  // An error says that not even waiting was possible; it may be over soon.
  while (!executor.Run(wake_.get(), *this)) clock_.SleepNs(100'000'000);
  over_.clear();
}

void Runner::OnWake() {
  over_.clear();
  timers_->RunDue();
  for (const Mailbox::Letter& letter : mailbox_->TakeAll()) letter();
}

bool Runner::SubmitNext() {
  over_.clear();
  while (!draining_) {
    std::uint64_t number = 0;
    if (!ready_.empty()) {
      number = ready_.front();
      ready_.pop_front();
    } else if (const auto next = queue_.Pop()) {
      number = *next;
      slots_.at(number).charged = true;
    } else {
      return false;
    }
    const auto found = slots_.find(number);
    if (found == slots_.end()) continue;  // was in ready_, and is over
    switch (Launch(number, found->second)) {
      case Launched::kSubmitted:
        return true;
      case Launched::kLater:
        break;
      case Launched::kNoRoom:
        return false;
    }
  }
  return false;
}

Runner::Launched Runner::Launch(std::uint64_t number, Slot& slot) {
  Task& task = *slot.task;
  const Sha256Digest& module = task.manifest.module.sha256;
  if (!slot.run && EndsBeforeItBegins(number, slot)) return Launched::kLater;
  const bool has_inputs = slot.run || slot.inputs || NeedsNothing(task.manifest);
  if (!has_inputs && preparing_ >= kPreparingAtMost) {
    BackIntoQueue(number, slot);
    return Launched::kNoRoom;
  }
  // A guest of the profile live is not run again after an overflow in the quick tier.
  if (task.manifest.profile == receipt::Profile::kLive) slot.tier = worker::TierChoice::kFull;
  const auto program = programs_->Acquire(module, slot.tier);
  if (!program) {
    slot.place = Place::kCompiling;
    compiling_[module].push_back(number);
    Uncharge(slot, 0);
    return Launched::kLater;
  }
  if (!has_inputs) {
    programs_->Release(module);
    Prepare(number, slot);
    return Launched::kLater;
  }
  if (!slot.run) {
    PreparedInputs inputs =
        slot.inputs ? *std::exchange(slot.inputs, std::nullopt) : InlineInputs(task.manifest);
    slot.run = std::make_unique<GuestRun>(slot.task, std::move(inputs), blobs_,
                                          static_cast<GuestRunOwner&>(*this));
    ++task.summary.attempts;
    task.summary.started_ns = clock_.RealtimeNs();
  }
  slot.run->tier = program->tier;
  auto request = slot.run->NextAttempt(program->id);
  if (!request) {
    programs_->Release(module);
    Fail(number, request.error().message);
    return Launched::kLater;
  }
  slot.run->handle = executor_->Submit(*std::move(request));
  slot.place = Place::kRunning;
  ++running_;
  events_.OnStarted(task);
  return Launched::kSubmitted;
}

bool Runner::EndsBeforeItBegins(std::uint64_t number, Slot& slot) {
  const receipt::Manifest& manifest = slot.task->manifest;
  if (manifest.not_after && UtcTime::FromNanoseconds(clock_.RealtimeNs()) > *manifest.not_after) {
    NotRun(number, store::JobState::kRejected,
           "notAfter, " + manifest.not_after->ToString() + ", passed while the job waited");
    return true;
  }
  if (const auto left = quarantine_.Remaining(manifest.module.sha256, clock_.MonotonicNs());
      left > 0) {
    NotRun(number, store::JobState::kFailed,
           "the module is quarantined for another " + std::to_string(left / 1'000'000'000 + 1) +
               " s: it has made its workers crash again and again");
    return true;
  }
  return false;
}

void Runner::Prepare(std::uint64_t number, Slot& slot) {
  slot.place = Place::kPreparing;
  ++preparing_;
  preparer_->Prepare(slot.task->manifest,
                     [this, number, task = slot.task](Result<PreparedInputs> inputs) {
                       --preparing_;
                       const auto found = slots_.find(number);
                       if (found == slots_.end()) return;
                       if (!inputs) return OnInputsMissed(number, inputs.error());
                       found->second.inputs.emplace(*std::move(inputs));
                       found->second.place = Place::kReady;
                       ready_.push_back(number);
                     });
}

void Runner::OnInputsMissed(std::uint64_t number, const Error& error) {
  if (error.code != ErrorCode::kCorrupt && error.code != ErrorCode::kNotFound) {
    return Fail(number, error.message);
  }
  NotRun(number, store::JobState::kFailed, NeedsUpload(error.message));
}

void Runner::OnCompiled(const Sha256Digest& module, worker::Tier tier,
                        const Result<void>& outcome) {
  if (tier == worker::Tier::kFull) {
    if (const auto warm = warming_.extract(module)) warm.mapped()(module, outcome);
  }
  const auto waiting = compiling_.find(module);
  if (waiting == compiling_.end()) return;
  std::vector<std::uint64_t> numbers = std::move(waiting->second);
  compiling_.erase(waiting);
  // From the back, so that the first is in front again.
  for (auto number = numbers.rbegin(); number != numbers.rend(); ++number) {
    const auto found = slots_.find(*number);
    if (found == slots_.end() || found->second.place != Place::kCompiling) continue;
    Slot& slot = found->second;
    if (slot.tier == worker::TierChoice::kFull && tier == worker::Tier::kQuick) {
      compiling_[module].push_back(*number);
    } else if (!outcome && outcome.error().code == ErrorCode::kInvalid) {
      EndRejected(*number, outcome.error().message);
    } else if (!outcome && !blobs_.Has(module)) {
      NotRun(*number, store::JobState::kFailed, NeedsUpload(outcome.error().message));
    } else if (!outcome) {
      Fail(*number, outcome.error().message);
    } else if (slot.run) {
      slot.place = Place::kReady;
      ready_.push_front(*number);
    } else {
      BackIntoQueue(*number, slot);
    }
  }
}

void Runner::OnRunEnded(GuestRun& run, const worker::JobEnding& ending) {
  const std::uint64_t number = run.task().number;
  Slot& slot = slots_.at(number);
  const Sha256Digest module = run.task().manifest.module.sha256;
  --running_;
  programs_->Release(module);
  const auto follows = worker::WhatFollows(
      {.tier = run.tier,
       .profile = run.repeatable() ? worker::Profile::kDet1 : worker::Profile::kLive,
       .input_full = run.input_full(),
       .rebuilt = run.rebuilt},
      ending);
  if (!slot.cancelled && !slot.forgotten && follows != worker::AfterAttempt::kDone) {
    if (follows == worker::AfterAttempt::kRebuild) {
      programs_->Drop(module, run.tier);
      run.rebuilt = true;
    } else {
      slot.tier = worker::TierChoice::kFull;
    }
    slot.place = Place::kReady;
    ready_.push_back(number);
    return;
  }
  if (ending.worker_died) quarantine_.OnCrash(module, clock_.MonotonicNs());
  Uncharge(slot, ending.wall_time_ns);
  if (slot.forgotten) {
    Remove(number);
  } else if (ending.status == worker::JobStatus::kFailed) {
    Fail(number, ending.message);
  } else {
    End(number, ending);
  }
  StopIfDone();
}

void Runner::End(std::uint64_t number, const worker::JobEnding& ending) {
  auto gathered = slots_.at(number).run->Gather(ending);
  if (!gathered) return Fail(number, gathered.error().message);
  events_.OnEnded(Remove(number), *std::move(gathered));
}

void Runner::EndWithoutRunning(std::uint64_t number, const worker::JobEnding& ending) {
  Nobody nobody;
  execution::ResultDigests digests(nobody, {});
  events_.OnEnded(Remove(number), Nothing(execution::FinishedRunOf(ending, digests)));
}

void Runner::EndRejected(std::uint64_t number, const std::string& reason) {
  events_.OnEnded(Remove(number), Nothing(execution::RejectedRun(reason)));
}

void Runner::Fail(std::uint64_t number, const std::string& why) {
  Slot& slot = slots_.at(number);
  Task& task = *slot.task;
  // What fails before it is begun counts too: it must not be tried for ever.
  const std::uint32_t made = std::max(++slot.failures, task.summary.attempts);
  const auto delay = DelayBeforeNextAttempt(made, task.attempts_allowed);
  if (!delay || slot.cancelled) return NotRun(number, store::JobState::kFailed, why);
  if (slot.run) over_.push_back(std::move(slot.run));
  slot.inputs.reset();
  Uncharge(slot, 0);
  slot.place = Place::kBackingOff;
  // The next attempt begins with the first byte of output again.
  task.live->StartOver();
  timers_->After(*delay, [this, number] {
    const auto found = slots_.find(number);
    if (found != slots_.end() && found->second.place == Place::kBackingOff) {
      BackIntoQueue(number, found->second);
    }
  });
}

void Runner::Uncharge(Slot& slot, std::uint64_t took_ns) {
  if (std::exchange(slot.charged, false)) queue_.Ended(slot.task->Share(), took_ns);
}

void Runner::BackIntoQueue(std::uint64_t number, Slot& slot) {
  Uncharge(slot, 0);
  slot.place = Place::kQueued;
  queue_.PushFront(slot.task->Share(), number, slot.task->running_at_most);
}

void Runner::NotRun(std::uint64_t number, store::JobState state, const std::string& why) {
  events_.OnNotRun(Remove(number), state, why);
}

TaskPtr Runner::Remove(std::uint64_t number) {
  const auto found = slots_.find(number);
  Uncharge(found->second, 0);
  TaskPtr task = std::move(found->second.task);
  if (found->second.run) over_.push_back(std::move(found->second.run));
  slots_.erase(found);
  --tasks_;
  return task;
}

void Runner::CancelNow(std::uint64_t number) {
  const auto found = slots_.find(number);
  if (found == slots_.end()) return;
  Slot& slot = found->second;
  slot.cancelled = true;
  if (slot.place == Place::kRunning) return executor_->Cancel(slot.run->handle);
  queue_.Remove(number);
  EndWithoutRunning(number, {.status = worker::JobStatus::kCancelled,
                             .message = "the job was cancelled before it ran"});
}

void Runner::ForgetNow(std::uint64_t number) {
  const auto found = slots_.find(number);
  if (found == slots_.end()) return;
  Slot& slot = found->second;
  slot.forgotten = true;
  if (slot.place == Place::kRunning) return executor_->Cancel(slot.run->handle);
  queue_.Remove(number);
  Remove(number);
}

void Runner::StopIfDone() {
  if (draining_ && running_ == 0) executor_->Stop();
}

}  // namespace plasm::jobs
