#include "worker/supervisor/executor.h"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <optional>

#include "base/one_line.h"
#include "base/system_error.h"
#include "worker/protocol/output_path.h"
#include "worker/supervisor/inputs.h"

namespace plasm::worker {
namespace {

constexpr std::size_t kMaxDescriptorsOfAJob = 3;  // artefact, specification, inputs
constexpr std::size_t kMaxInlineSpecBytes = std::size_t{256} << 10;
constexpr std::size_t kMaxInlineInputBytes = std::size_t{64} << 10;
constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kFirstPauseNs = 10'000'000;
constexpr unsigned kMostDoublings = 9;  // about five seconds

Error Broken(const char* what) {
  return Error{ErrorCode::kCorrupt, std::string("worker broke the protocol: ") + what};
}

JobStatus StatusOf(EndStatus status) {
  switch (status) {
    case EndStatus::kExited:
      return JobStatus::kExited;
    case EndStatus::kTrapped:
      return JobStatus::kTrapped;
    case EndStatus::kOutOfFuel:
      return JobStatus::kOutOfFuel;
    case EndStatus::kOutputLimit:
      return JobStatus::kOutputLimit;
    case EndStatus::kRefused:
      return JobStatus::kRefused;
    case EndStatus::kFailed:
      return JobStatus::kFailed;
  }
  return JobStatus::kFailed;
}

}  // namespace

const char* JobStatusName(JobStatus status) {
  switch (status) {
    case JobStatus::kExited:
      return "exited";
    case JobStatus::kTrapped:
      return "trapped";
    case JobStatus::kOutOfFuel:
      return "out_of_fuel";
    case JobStatus::kTimedOut:
      return "timed_out";
    case JobStatus::kOutputLimit:
      return "output_limit";
    case JobStatus::kRefused:
      return "rejected";
    case JobStatus::kCancelled:
      return "cancelled";
    case JobStatus::kFailed:
      return "failed";
  }
  return "failed";
}

struct Executor::ActiveJob {
  JobHandle handle = 0;
  JobNumber number = 0;  // in the connection to its worker
  JobRequest request;
  bool cancelled = false;                   // and not yet ended as such
  std::optional<std::uint64_t> started_ns;  // once it is the first of its worker
  std::uint64_t output_bytes = 0;
  std::uint32_t stdin_wanted = 0;  // bytes the worker waits for
  std::uint64_t file_left = 0;     // bytes of the current output file still to come
  std::uint64_t file_bytes = 0;    // of all output files
  std::uint32_t files = 0;
  std::size_t descriptors = 0;  // that were sent along
};

struct Executor::Slot {
  std::optional<WorkerProcess> process;
  bool ready = false;      // the process has said so
  bool held_back = false;  // frames may be here already that nobody could take
  std::set<ProgramId> loaded;
  std::set<ProgramId> refused;
  std::deque<std::unique_ptr<ActiveJob>> jobs;  // the first is running
  // Behind the first job the worker has one that was cancelled, and must not begin it.
  bool retire_after_first = false;
  // A worker that nobody needs at once is not started before that; zero: now.
  std::uint64_t start_after_ns = 0;
  unsigned failed_starts = 0;  // since one was last ready

  // A worker whose guest waits for input holds the descriptors of all jobs behind it, and may
  // hold only so many.
  bool HasRoom(unsigned depth) const {
    std::size_t held = kMaxDescriptorsOfAJob;
    for (const auto& job : jobs) held += job->descriptors;
    return !retire_after_first && jobs.size() < depth && held <= Channel::kMaxHeldDescriptors;
  }
};

Executor::Executor(ExecutorSettings settings, Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {
  for (unsigned i = 0; i < std::max(settings_.workers, 1u); ++i) {
    slots_.push_back(std::make_unique<Slot>());
  }
}

Executor::~Executor() = default;

Result<void> Executor::StartWorkers() {
  for (auto& slot : slots_) PLASM_TRY_VOID(EnsureStarted(*slot));
  return {};
}

ProgramId Executor::AddProgram(UniqueFd artefact) {
  programs_.push_back(std::move(artefact));
  return static_cast<ProgramId>(programs_.size() - 1);
}

JobHandle Executor::Submit(JobRequest request) {
  auto job = std::make_unique<ActiveJob>();
  job->handle = next_handle_++;
  job->request = std::move(request);
  waiting_.push_back(std::move(job));
  return waiting_.back()->handle;
}

template <class Condition>
void Executor::MarkCancelled(Condition condition) {
  const auto mark = [&](const auto& jobs) {
    for (const auto& job : jobs) {
      if (!condition(*job)) continue;
      job->cancelled = true;
      cancel_pending_ = true;
    }
  };
  mark(waiting_);
  for (const auto& slot : slots_) mark(slot->jobs);
}

void Executor::Cancel(JobHandle job) {
  MarkCancelled([job](const ActiveJob& active) { return active.handle == job; });
}

void Executor::CancelAll() {
  MarkCancelled([](const ActiveJob&) { return true; });
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
  std::vector<std::unique_ptr<ActiveJob>> cancelled;
  const auto take = [&cancelled](auto& jobs, std::ptrdiff_t from) {
    const std::size_t before = cancelled.size();
    auto kept = jobs.begin() + from;
    for (auto job = kept; job != jobs.end(); ++job) {
      if ((*job)->cancelled) {
        cancelled.push_back(std::move(*job));
      } else {
        *kept++ = std::exchange(*job, nullptr);
      }
    }
    jobs.erase(kept, jobs.end());
    return cancelled.size() > before;
  };
  take(waiting_, 0);
  std::vector<Slot*> running;
  for (auto& slot : slots_) {
    if (slot->jobs.empty()) continue;
    if (take(slot->jobs, 1)) slot->retire_after_first = true;
    if (slot->jobs.front()->cancelled) running.push_back(slot.get());
  }
  for (Slot* slot : running) Retire(*slot, ending);
  for (auto& job : cancelled) End(std::move(job), ending);
}

Result<void> Executor::EnsureStarted(Slot& slot) {
  // A worker that died while it had nothing to do shows here, before it is given a job.
  if (slot.process && slot.jobs.empty() && !Serve(slot)) Restart(slot);
  if (slot.process) return {};
  PLASM_TRY(WorkerProcess process,
            WorkerProcess::Start(
                settings_.worker_program,
                {"run", "--target", settings_.target == Target::kPulley ? "pulley" : "native",
                 "--memory", std::to_string(settings_.worker_memory_bytes)}));
  slot.process.emplace(std::move(process));
  return {};
}

bool Executor::Idle() const {
  return waiting_.empty() &&
         std::ranges::all_of(slots_, [](const auto& slot) { return slot->jobs.empty(); });
}

Result<void> Executor::RunUntilIdle() { return RunWhileWanted({}); }

Result<void> Executor::Run(int wake_fd, ExecutorOwner& owner) {
  stopped_ = false;
  return RunWhileWanted({wake_fd, &owner});
}

Result<void> Executor::RunWhileWanted(const Wake& wake) {
  while (true) {
    EndCancelled();
    if (wake.owner == nullptr ? Idle() : stopped_) return {};
    HandOut();
    if (wake.owner != nullptr) ReplaceWorkers();
    if (auto waited = Wait(wake); !waited) {
      FailAll(waited.error().message);
      return waited;
    }
    KeepDeadlines();
  }
}

void Executor::ReplaceWorkers() {
  for (auto& slot : slots_) {
    if (slot->process || clock_.MonotonicNs() < slot->start_after_ns) continue;
    const unsigned doublings = std::min(slot->failed_starts++, kMostDoublings);
    slot->start_after_ns = clock_.MonotonicNs() + (kFirstPauseNs << doublings);
    (void)EnsureStarted(*slot);  // on an error: once more after the pause
  }
}

// Jobs go to the worker with the fewest.
void Executor::HandOut() {
  while (!waiting_.empty()) {
    auto& slot = **std::ranges::min_element(
        slots_, {}, [](const auto& candidate) { return candidate->jobs.size(); });
    if (!slot.HasRoom(std::max(settings_.pipeline_depth, 1u))) return;
    auto job = std::move(waiting_.front());
    waiting_.pop_front();
    Result<void> assigned = EnsureStarted(slot);
    if (assigned) assigned = Assign(slot, *job);
    if (!assigned) {
      End(std::move(job), {.message = "no worker could take the job: " + assigned.error().message});
      continue;
    }
    slot.jobs.push_back(std::move(job));
    if (slot.jobs.size() == 1) StartClock(slot);
  }
}

Result<void> Executor::Assign(Slot& slot, ActiveJob& job) {
  Channel& channel = slot.process->channel();
  const ProgramId program = job.request.program;
  job.descriptors = 0;
  if (!slot.loaded.contains(program)) {
    UniqueFd artefact(fcntl(programs_.at(program).get(), F_DUPFD_CLOEXEC, 0));
    if (!artefact) return SystemError(errno, "artefact");
    channel.AttachDescriptor(std::move(artefact));
    AppendMessage(channel.outgoing(), ToWorker(LoadMessage{program}));
    slot.loaded.insert(program);
    ++job.descriptors;
  }

  job.number = next_number_++;
  RunMessage run{.job = job.number, .program = program, .spec = {}};
  const Bytes spec = EncodeJob(job.request.job);
  UniqueFd spec_file;
  if (job.request.inputs || spec.size() > kMaxInlineSpecBytes) {
    // The specification travels in a file of its own: the inputs are sealed already.
    run.has_inputs = true;
    PLASM_TRY(spec_file, SealedMemory("plasm-job", spec));
    UniqueFd inputs(job.request.inputs ? fcntl(job.request.inputs.get(), F_DUPFD_CLOEXEC, 0)
                                       : fcntl(spec_file.get(), F_DUPFD_CLOEXEC, 0));
    if (!inputs) return SystemError(errno, "job inputs");
    channel.AttachDescriptor(std::move(spec_file));
    channel.AttachDescriptor(std::move(inputs));
    job.descriptors += 2;
  } else {
    run.spec = spec;
  }
  // Input that is at hand goes along: a worker that has to ask for it waits for the answer.
  const StdinFeed* const feed = job.request.standard_input;
  const auto input = feed != nullptr ? feed->Rest() : ByteView();
  if (input && input->size() <= kMaxInlineInputBytes) {
    run.input_is_whole = true;
    run.input = *input;
  }
  AppendMessage(channel.outgoing(), ToWorker(run));
  return {};
}

void Executor::StartClock(Slot& slot) {
  if (!slot.jobs.empty()) slot.jobs.front()->started_ns = clock_.MonotonicNs();
}

// Sends what is queued, waits for something to happen and deals with it.
Result<void> Executor::Wait(const Wake& wake) {
  std::vector<pollfd> polled;
  std::vector<Slot*> owners;
  std::uint64_t deadline = kNever;
  if (wake.owner != nullptr) {
    polled.push_back({wake.fd, POLLIN, 0});
    owners.push_back(nullptr);
  }
  if (settings_.cancel_fd >= 0 && !Idle()) {
    polled.push_back({settings_.cancel_fd, POLLIN, 0});
    owners.push_back(nullptr);
  }
  for (auto& slot : slots_) {
    if (wake.owner != nullptr && !slot->process)
      deadline = std::min(deadline, slot->start_after_ns);
    if (wake.owner != nullptr && slot->process && slot->jobs.empty()) {
      polled.push_back({slot->process->channel().fd(), POLLIN, 0});
      owners.push_back(slot.get());
    }
    if (!slot->process || slot->jobs.empty()) continue;
    FeedStdin(*slot);
    Channel& channel = slot->process->channel();
    const auto flushed = channel.Flush(Blocking::kDontWait);
    if (!flushed) {
      RetireBroken(*slot, flushed.error());
      return {};  // who was told may have submitted and cancelled
    }
    const ActiveJob& front = *slot->jobs.front();
    const int blocked_on = front.request.events->BlockedOn();
    if (blocked_on >= 0) {
      polled.push_back({blocked_on, POLLOUT, 0});
    } else {
      const short out = *flushed == IoStatus::kWouldBlock ? POLLOUT : 0;
      polled.push_back({channel.fd(), static_cast<short>(POLLIN | out), 0});
    }
    owners.push_back(slot.get());
    if (front.stdin_wanted > 0 && front.request.standard_input->PollFd() >= 0) {
      polled.push_back({front.request.standard_input->PollFd(), POLLIN, 0});
      owners.push_back(nullptr);
    }
    if (front.request.timeout_ns > 0) {
      deadline = std::min(deadline, *front.started_ns + front.request.timeout_ns);
    }
  }
  if (cancel_pending_ || (wake.owner != nullptr && stopped_)) return {};
  if (wake.owner == nullptr &&
      std::ranges::all_of(owners, [](const Slot* owner) { return owner == nullptr; })) {
    return {};
  }
  bool at_once = false;
  for (const auto& slot : slots_) at_once = at_once || CanGoOn(*slot);
  int milliseconds = at_once ? 0 : -1;
  if (!at_once && deadline != kNever) {
    const std::uint64_t now = clock_.MonotonicNs();
    const std::uint64_t left = deadline > now ? (deadline - now) / 1'000'000 + 1 : 0;
    milliseconds = static_cast<int>(std::min<std::uint64_t>(left, 3'600'000));
  }
  if (poll(polled.data(), polled.size(), milliseconds) < 0) {
    return errno == EINTR ? Result<void>() : SystemError(errno, "poll");
  }
  for (std::size_t i = 0; i < polled.size(); ++i) {
    if (owners[i] == nullptr) continue;
    Slot& slot = *owners[i];
    if (polled[i].fd != slot.process->channel().fd()) {
      if (polled[i].revents != 0) slot.jobs.front()->request.events->OnWritable();
    } else if ((polled[i].revents & ~POLLOUT) == 0 && !CanGoOn(slot)) {
      continue;
    }
    if (auto served = Serve(slot); !served) RetireBroken(slot, served.error());
  }
  if (wake.owner != nullptr && polled.front().revents != 0) wake.owner->OnWake();
  return {};
}

bool Executor::CanGoOn(const Slot& slot) {
  return slot.held_back && !slot.jobs.empty() && slot.jobs.front()->request.events->BlockedOn() < 0;
}

Result<void> Executor::Serve(Slot& slot) {
  Channel& channel = slot.process->channel();
  slot.held_back = false;
  bool received = false;
  while (true) {
    // Nobody hears more of a job that was cancelled, or more than he can take.
    if (!slot.jobs.empty()) {
      const ActiveJob& front = *slot.jobs.front();
      if (front.cancelled) return {};
      slot.held_back = front.request.events->BlockedOn() >= 0;
      if (slot.held_back) return {};
    }
    PLASM_TRY(const auto frame, channel.NextFrame());
    if (!frame && received) return {};
    if (!frame) {
      // Only now, so that frames which wait for their reader do not pile up here.
      PLASM_TRY(const IoStatus status, channel.Receive(Blocking::kDontWait));
      if (status == IoStatus::kClosed) {
        return Error{ErrorCode::kInternal, "the worker " + slot.process->Kill() +
                                               (slot.ready ? "" : " before it was ready")};
      }
      received = true;
      continue;
    }
    if (!slot.ready) {
      PLASM_TRY_VOID(CheckReady(*frame));
      slot.ready = true;
      slot.failed_starts = 0;
      slot.start_after_ns = 0;
      continue;
    }
    PLASM_TRY(const FromWorker message, DecodeFromWorker(*frame));
    PLASM_TRY_VOID(Handle(slot, message));
    if (!slot.process) return {};
  }
}

Result<void> Executor::Handle(Slot& slot, const FromWorker& message) {
  if (const auto* output = std::get_if<OutputMessage>(&message)) return HandleOutput(slot, *output);
  if (const auto* ended = std::get_if<EndedMessage>(&message)) return HandleEnded(slot, *ended);
  if (const auto* file = std::get_if<FileMessage>(&message)) return HandleFile(slot, *file);
  if (const auto* data = std::get_if<FileDataMessage>(&message)) return HandleFileData(slot, *data);
  if (const auto* wanted = std::get_if<StdinWantedMessage>(&message)) {
    PLASM_TRY(ActiveJob* const job, Front(slot, wanted->job));
    if (job->stdin_wanted > 0) return Broken("asked for input twice");
    job->stdin_wanted = wanted->most;
    return {};
  }
  if (const auto* failed = std::get_if<LoadFailedMessage>(&message)) {
    if (!slot.loaded.contains(failed->program)) return Broken("refused an artefact it never got");
    slot.refused.insert(failed->program);
    return {};
  }
  return Broken("unexpected frame");
}

Result<Executor::ActiveJob*> Executor::Front(Slot& slot, JobNumber number) {
  if (slot.jobs.empty() || slot.jobs.front()->number != number) {
    return Broken("speaks of a job that is not its current one");
  }
  return slot.jobs.front().get();
}

Result<void> Executor::HandleOutput(Slot& slot, const OutputMessage& message) {
  PLASM_TRY(ActiveJob* const job, Front(slot, message.job));
  job->output_bytes += message.bytes.size();
  if (job->output_bytes > job->request.job.limits.output_bytes) return Broken("too much output");
  job->request.events->OnOutput(message.stream, message.bytes);
  return {};
}

Result<void> Executor::HandleFile(Slot& slot, const FileMessage& message) {
  PLASM_TRY(ActiveJob* const job, Front(slot, message.job));
  const JobLimits& limits = job->request.job.limits;
  if (job->file_left > 0) return Broken("a file within a file");
  if (message.output >= job->request.job.outputs.size()) return Broken("an output nobody wanted");
  if (!IsSafeOutputPath(message.path)) return Broken("an output path that is not plain");
  if (++job->files > limits.file_nodes || message.size > limits.file_bytes - job->file_bytes) {
    return Broken("more files than the job may have");
  }
  job->file_bytes += message.size;
  job->file_left = message.size;
  return TakeFile(slot, job->request.events->OnFile(message));
}

Result<void> Executor::HandleFileData(Slot& slot, const FileDataMessage& message) {
  PLASM_TRY(ActiveJob* const job, Front(slot, message.job));
  if (message.bytes.empty() || message.bytes.size() > job->file_left) {
    return Broken("file data without a file");
  }
  job->file_left -= message.bytes.size();
  return TakeFile(slot, job->request.events->OnFileData(message.bytes));
}

// Who cannot take a file ends the job; the worker did nothing wrong.
Result<void> Executor::TakeFile(Slot& slot, const Result<void>& taken) {
  if (!taken) Retire(slot, {.message = taken.error().message});
  return {};
}

Result<void> Executor::HandleEnded(Slot& slot, const EndedMessage& message) {
  PLASM_TRY(ActiveJob* const job, Front(slot, message.job));
  if (job->file_left > 0) return Broken("ended within a file");
  if (message.fuel_used > job->request.job.limits.fuel) return Broken("used more fuel than it had");
  JobEnding ending{.status = StatusOf(message.status),
                   .exit_code = message.exit_code,
                   .trap = message.trap,
                   .fuel_used = message.fuel_used,
                   .message = OneLine(message.message),
                   .artefact_refused = message.status == EndStatus::kFailed &&
                                       slot.refused.contains(job->request.program)};
  auto ended = std::move(slot.jobs.front());
  slot.jobs.pop_front();
  if (slot.retire_after_first) {
    Restart(slot);
  } else {
    StartClock(slot);
  }
  End(std::move(ended), std::move(ending));
  return {};
}

void Executor::FeedStdin(Slot& slot) {
  ActiveJob& job = *slot.jobs.front();
  if (job.stdin_wanted == 0) return;
  StdinFeed* const feed = job.request.standard_input;
  if (feed != nullptr && feed->PollFd() >= 0) {
    pollfd ready{feed->PollFd(), POLLIN, 0};
    if (poll(&ready, 1, 0) <= 0) return;
  }
  if (feed != nullptr && feed->Full()) return Cancel(job.handle);
  const std::size_t most = std::min<std::size_t>(job.stdin_wanted, kMaxChunkBytes);
  const ByteView bytes = feed != nullptr ? feed->Take(most) : ByteView();
  AppendMessage(slot.process->channel().outgoing(), ToWorker(StdinMessage{job.number, bytes}));
  job.stdin_wanted = 0;
}

void Executor::KeepDeadlines() {
  for (auto& slot : slots_) {
    if (slot->jobs.empty()) continue;
    const ActiveJob& front = *slot->jobs.front();
    if (front.request.timeout_ns == 0) continue;
    if (clock_.MonotonicNs() - *front.started_ns >= front.request.timeout_ns) {
      Retire(*slot, {.status = JobStatus::kTimedOut, .message = "the job exceeded its wall time"});
    }
  }
}

void Executor::Retire(Slot& slot, JobEnding ending) {
  if (slot.jobs.empty()) return Restart(slot);
  auto current = std::move(slot.jobs.front());
  slot.jobs.pop_front();
  Restart(slot);
  End(std::move(current), std::move(ending));
}

void Executor::RetireBroken(Slot& slot, const Error& error) {
  // Of a worker that never was ready no module can be the cause.
  Retire(slot, {.message = error.message, .worker_died = slot.ready});
}

void Executor::Restart(Slot& slot) {
  slot.process.reset();
  slot.ready = false;
  slot.held_back = false;
  slot.loaded.clear();
  slot.refused.clear();
  slot.retire_after_first = false;
  while (!slot.jobs.empty()) {
    waiting_.push_front(std::move(slot.jobs.back()));
    slot.jobs.pop_back();
  }
}

void Executor::FailAll(const std::string& message) {
  for (auto& slot : slots_) {
    if (!slot->jobs.empty()) Retire(*slot, {.message = message});
  }
  auto waiting = std::exchange(waiting_, {});
  for (auto& job : waiting) End(std::move(job), {.message = message});
}

void Executor::End(std::unique_ptr<ActiveJob> job, JobEnding ending) {
  if (job->started_ns) ending.wall_time_ns = clock_.MonotonicNs() - *job->started_ns;
  job->request.events->OnEnded(ending);
}

}  // namespace plasm::worker
