#include "worker/loop/run_loop.h"

#include <algorithm>
#include <string>
#include <utility>

#include "worker/loop/job_files.h"

namespace plasm::worker {
namespace {

// Short enough for the supervisor not to think that a job runs on which has ended, long enough
// for the shortest jobs to share a system call.
constexpr std::uint64_t kLookUpEveryNs = 500'000;

EndStatus StatusOf(sandbox::RunStatus status) {
  switch (status) {
    case sandbox::RunStatus::kExited:
      return EndStatus::kExited;
    case sandbox::RunStatus::kTrapped:
      return EndStatus::kTrapped;
    case sandbox::RunStatus::kOutOfFuel:
      return EndStatus::kOutOfFuel;
    case sandbox::RunStatus::kOutputLimit:
      return EndStatus::kOutputLimit;
    case sandbox::RunStatus::kRefused:
      return EndStatus::kRefused;
    case sandbox::RunStatus::kFailed:
      return EndStatus::kFailed;
  }
  return EndStatus::kFailed;
}

wasi::HostConfig ConfigOf(Job& job) {
  wasi::HostConfig config;
  config.profile = job.profile == Profile::kLive ? wasi::Profile::kLive : wasi::Profile::kDet1;
  config.args = std::move(job.args);
  config.env = std::move(job.env);
  config.start_time_ns = job.start_time_ns;
  config.seed = job.seed;
  config.limits.output_bytes = job.limits.output_bytes;
  config.limits.file_bytes = job.limits.file_bytes;
  config.limits.file_nodes = job.limits.file_nodes;
  return config;
}

EndedMessage Failed(JobNumber number, std::string message) {
  EndedMessage ended{};
  ended.job = number;
  ended.status = EndStatus::kFailed;
  ended.message = std::move(message);
  return ended;
}

}  // namespace

Result<void> RunLoop::Run() {
  AppendMessage(channel_.outgoing(), FromWorker(ReadyMessage{}));
  while (true) {
    PLASM_TRY(const bool handled, HandleNext());
    if (handled) {
      if (clock_.MonotonicNs() - looked_up_ns_ < kLookUpEveryNs) continue;
      PLASM_TRY(const IoStatus status, LookUp());
      if (status == IoStatus::kClosed) return {};
      continue;
    }
    PLASM_TRY(const IoStatus flushed, channel_.Flush(Blocking::kWait));
    if (flushed == IoStatus::kClosed) return {};
    PLASM_TRY(const IoStatus received, channel_.Receive(Blocking::kWait));
    if (received == IoStatus::kClosed) return {};
    looked_up_ns_ = clock_.MonotonicNs();
  }
}

Result<IoStatus> RunLoop::LookUp() {
  PLASM_TRY(IoStatus status, channel_.Flush(Blocking::kWait));
  while (status == IoStatus::kDone) {
    while (true) {
      PLASM_TRY(const auto frame, channel_.NextFrame());
      if (!frame) break;
      kept_.push_back({frame->type, Bytes(frame->payload.begin(), frame->payload.end())});
    }
    PLASM_TRY(status, channel_.Receive(Blocking::kDontWait));
  }
  looked_up_ns_ = clock_.MonotonicNs();
  return status;
}

bool RunLoop::TakenBack(JobNumber job) const {
  return std::ranges::any_of(kept_, [job](const KeptFrame& kept) {
    if (kept.type != FrameType::kForget) return false;
    const auto message = DecodeToWorker({kept.type, kept.payload});
    return message && std::get<ForgetMessage>(*message).job == job;
  });
}

// Frames that were put aside, between two jobs or while a guest waited for input, come first.
Result<bool> RunLoop::HandleNext() {
  if (!kept_.empty()) {
    const KeptFrame kept = std::move(kept_.front());
    kept_.pop_front();
    PLASM_TRY_VOID(Handle({kept.type, kept.payload}));
    return true;
  }
  PLASM_TRY(const auto frame, channel_.NextFrame());
  if (!frame) return false;
  PLASM_TRY_VOID(Handle(*frame));
  return true;
}

Result<void> RunLoop::Handle(const Frame& frame) {
  PLASM_TRY(const ToWorker message, DecodeToWorker(frame));
  if (const auto* load = std::get_if<LoadMessage>(&message)) return Load(*load);
  if (const auto* run = std::get_if<RunMessage>(&message)) return RunJob(*run);
  if (const auto* unload = std::get_if<UnloadMessage>(&message)) {
    programs_.erase(unload->program);
    return {};
  }
  // Input that was on its way when the guest that had asked for it ended.
  if (std::holds_alternative<StdinMessage>(message)) return {};
  // Of a job whose turn has been, in whatever way.
  if (std::holds_alternative<ForgetMessage>(message)) return {};
  return Error{ErrorCode::kCorrupt, "unexpected frame"};
}

Result<void> RunLoop::Load(const LoadMessage& message) {
  PLASM_TRY(UniqueFd artefact, channel_.TakeDescriptor());
  auto program = LoadProgram(std::move(artefact));
  if (program) {
    programs_.insert_or_assign(message.program, *std::move(program));
  } else {
    AppendMessage(channel_.outgoing(),
                  FromWorker(LoadFailedMessage{message.program, program.error().message}));
  }
  return {};
}

// A module with more tables or a larger instance than a slot of the pool runs on demand.
Result<sandbox::Program> RunLoop::LoadProgram(UniqueFd artefact) {
  PLASM_TRY(const Mapping mapping, Mapping::Of(artefact));
  auto pooled = sandbox::Program::Load(pool_, std::move(artefact));
  if (pooled) return pooled;
  if (!on_demand_) {
    sandbox::EngineSettings settings = settings_;
    settings.allocation = sandbox::Allocation::kOnDemand;
    PLASM_TRY(on_demand_, sandbox::Engine::Create(settings));
  }
  return sandbox::Program::Load(*on_demand_, mapping.bytes());
}

Result<void> RunLoop::RunJob(const RunMessage& message) {
  Mapping spec;
  Mapping contents;
  if (message.has_inputs) {
    PLASM_TRY(const UniqueFd spec_file, channel_.TakeDescriptor());
    PLASM_TRY(const UniqueFd contents_file, channel_.TakeDescriptor());
    PLASM_TRY(spec, Mapping::Of(spec_file));
    PLASM_TRY(contents, Mapping::Of(contents_file));
  }
  if (TakenBack(message.job)) {
    AppendMessage(channel_.outgoing(), FromWorker(ForgottenMessage{message.job}));
    return {};
  }
  PLASM_TRY(Job job, DecodeJob(message.has_inputs ? spec.bytes() : message.spec));

  EndedMessage ended = Failed(message.job, "the program was not loaded");
  const auto program = programs_.find(message.program);
  auto tree = BuildTree(job, contents.bytes());
  if (!tree) {
    ended = Failed(message.job, tree.error().message);
  } else if (program != programs_.end()) {
    GuestStreams streams(channel_, kept_, message,
                         job.interactive ? GuestStreams::Delivery::kAtOnce
                                         : GuestStreams::Delivery::kWhenConvenient);
    wasi::Host host(ConfigOf(job), *std::move(tree), streams, clock_, entropy_);
    const sandbox::RunLimits limits{.memory_bytes = job.limits.memory_bytes,
                                    .fuel = job.limits.fuel};
    sandbox::RunResult result = program->second.Run(limits, host);
    ended.status = StatusOf(result.status);
    ended.exit_code = result.exit_code;
    ended.fuel_used = result.fuel_used;
    ended.trap = sandbox::TrapName(result.trap);
    ended.message = std::move(result.message);
    if (ended.status == EndStatus::kExited) {
      if (const auto sent = SendOutputs(message.job, job, host); !sent) {
        ended.status = EndStatus::kOutputLimit;
        ended.message = sent.error().message;
      }
    }
  }
  AppendMessage(channel_.outgoing(), FromWorker(ended));
  return {};
}

Result<void> RunLoop::SendOutputs(JobNumber number, const Job& job, wasi::Host& host) {
  constexpr std::size_t kFlushBytes = std::size_t{1} << 20;
  return EmitOutputs(number, job, host.tree(), [this](const FromWorker& message) {
    AppendMessage(channel_.outgoing(), message);
    // A failed flush shows at the next receive, which ends the loop.
    if (channel_.outgoing().size() > kFlushBytes) (void)channel_.Flush(Blocking::kWait);
  });
}

}  // namespace plasm::worker
