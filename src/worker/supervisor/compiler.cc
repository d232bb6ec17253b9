#include "worker/supervisor/compiler.h"

#include <fcntl.h>
#include <poll.h>

#include <cerrno>
#include <string>
#include <utility>
#include <variant>

#include "base/one_line.h"
#include "base/system_error.h"
#include "worker/protocol/messages.h"
#include "worker/supervisor/inputs.h"
#include "worker/supervisor/worker_process.h"

namespace plasm::worker {
namespace {

// Waits until the worker says something that ends the compilation.
Result<void> AwaitVerdict(WorkerProcess& worker, Clock& clock, std::uint64_t deadline_ns,
                          int cancel_fd) {
  bool ready = false;
  while (true) {
    PLASM_TRY(const auto frame, worker.channel().NextFrame());
    if (frame && !ready) {
      PLASM_TRY_VOID(CheckReady(*frame));
      ready = true;
      continue;
    }
    if (frame) {
      PLASM_TRY(const FromWorker message, DecodeFromWorker(*frame));
      if (std::holds_alternative<CompiledMessage>(message)) return {};
      if (const auto* failed = std::get_if<CompileFailedMessage>(&message)) {
        return Error{failed->code, OneLine(failed->message)};
      }
      return Error{ErrorCode::kCorrupt, "compile worker: unexpected frame"};
    }
    const std::uint64_t now = clock.MonotonicNs();
    if (now >= deadline_ns) {
      return Error{ErrorCode::kLimitExceeded, "compiling the module took longer than allowed"};
    }
    // poll() passes over a descriptor of -1.
    pollfd waiting[2] = {{worker.channel().fd(), POLLIN, 0}, {cancel_fd, POLLIN, 0}};
    const auto milliseconds = (deadline_ns - now) / 1'000'000 + 1;
    if (poll(waiting, 2, static_cast<int>(milliseconds)) < 0) {
      if (errno == EINTR) continue;
      return SystemError(errno, "poll");
    }
    if (waiting[1].revents != 0) {
      return Error{ErrorCode::kUnavailable, "compiling the module was cancelled"};
    }
    if (waiting[0].revents == 0) continue;
    PLASM_TRY(const IoStatus status, worker.channel().Receive(Blocking::kDontWait));
    if (status == IoStatus::kClosed) {
      return Error{ErrorCode::kInternal,
                   "the compile worker " + worker.Kill() + (ready ? "" : " before it was ready")};
    }
  }
}

// A descriptor of the same file through which nobody, who is handed it, can change it.
Result<UniqueFd> ReadOnly(const UniqueFd& file) {
  const auto by_number = "/proc/self/fd/" + std::to_string(file.get());
  UniqueFd read_only(open(by_number.c_str(), O_RDONLY | O_CLOEXEC));
  if (!read_only) return SystemError(errno, "artefact");
  return read_only;
}

// What the cache folder fails with is no word about the module.
Error OfThisMachine(Error error) {
  return Error{ErrorCode::kUnavailable, std::move(error.message)};
}

}  // namespace

Result<UniqueFd> Compiler::Compile(const ArtefactKey& key, ByteView module) const {
  PLASM_TRY(UniqueFd module_file, SealedMemory("plasm-module", module));
  auto new_file = cache_.NewFile();
  if (!new_file) return OfThisMachine(std::move(new_file).error());
  const UniqueFd artefact = *std::move(new_file);
  PLASM_TRY(WorkerProcess worker,
            WorkerProcess::Start(
                worker_program_,
                {"compile", "--target", key.target == Target::kPulley ? "pulley" : "native",
                 "--tier", key.tier == Tier::kQuick ? "quick" : "full", "--priority",
                 limits_.priority == Priority::kLow ? "low" : "normal", "--memory",
                 std::to_string(limits_.memory_bytes)}));
  UniqueFd for_worker(fcntl(artefact.get(), F_DUPFD_CLOEXEC, 0));
  if (!for_worker) return SystemError(errno, "artefact");
  Channel& channel = worker.channel();
  channel.AttachDescriptor(std::move(module_file));
  channel.AttachDescriptor(std::move(for_worker));
  AppendMessage(channel.outgoing(), ToWorker(CompileMessage{}));
  const std::uint64_t deadline_ns = clock_.MonotonicNs() + limits_.wall_time_ns;
  PLASM_TRY(const IoStatus sent, channel.Flush(Blocking::kWait));
  if (sent == IoStatus::kClosed) {
    return Error{ErrorCode::kInternal, "the compile worker " + worker.Kill()};
  }
  PLASM_TRY_VOID(AwaitVerdict(worker, clock_, deadline_ns, limits_.cancel_fd));
  // Nobody may write to the artefact after its digest was taken.
  worker.Kill();
  if (auto stored = cache_.Store(key, artefact); !stored) {
    return OfThisMachine(std::move(stored).error());
  }
  return ReadOnly(artefact);
}

}  // namespace plasm::worker
