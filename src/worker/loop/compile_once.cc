#include "worker/loop/compile_once.h"

#include <array>

#include "base/file.h"
#include "sandbox/compile.h"
#include "worker/loop/confinement.h"
#include "worker/loop/job_files.h"
#include "worker/protocol/messages.h"

namespace plasm::worker {
namespace {

// The smallest WASI program: (module (func (export "_start"))). Compiling it starts the
// compiler's threads, which the confined process could not.
constexpr std::array<unsigned char, 36> kSmallestProgram = {
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60,
    0x00, 0x00, 0x03, 0x02, 0x01, 0x00, 0x07, 0x0a, 0x01, 0x06, 0x5f, 0x73,
    0x74, 0x61, 0x72, 0x74, 0x00, 0x00, 0x0a, 0x04, 0x01, 0x02, 0x00, 0x0b};

Result<void> WarmUp(const sandbox::Engine& engine) {
  PLASM_TRY_VOID(sandbox::Compile(engine, std::as_bytes(std::span(kSmallestProgram))));
  return {};
}

Result<void> AwaitRequest(Channel& channel) {
  while (true) {
    PLASM_TRY(const auto frame, channel.NextFrame());
    if (frame) {
      PLASM_TRY(const ToWorker message, DecodeToWorker(*frame));
      if (std::holds_alternative<CompileMessage>(message)) return {};
      return Error{ErrorCode::kCorrupt, "compile worker: unexpected frame"};
    }
    PLASM_TRY(const IoStatus status, channel.Receive(Blocking::kWait));
    if (status == IoStatus::kClosed) return Error{ErrorCode::kUnavailable, "supervisor is gone"};
  }
}

Result<void> CompileTo(const sandbox::Engine& engine, Channel& channel) {
  PLASM_TRY(const UniqueFd module_fd, channel.TakeDescriptor());
  PLASM_TRY(const UniqueFd artefact_fd, channel.TakeDescriptor());
  PLASM_TRY(const Mapping module, Mapping::Of(module_fd));
  PLASM_TRY(const Bytes artefact, sandbox::Compile(engine, module.bytes()));
  return WriteAll(artefact_fd.get(), artefact, "artefact");
}

}  // namespace

Result<void> CompileOnce(Channel& channel, const sandbox::EngineSettings& settings,
                         std::uint64_t memory_bytes) {
  PLASM_TRY(const sandbox::Engine engine, sandbox::Engine::Create(settings));
  PLASM_TRY_VOID(WarmUp(engine));
  PLASM_TRY_VOID(Confine({.memory_bytes = memory_bytes}));
  AppendMessage(channel.outgoing(), FromWorker(ReadyMessage{}));
  PLASM_TRY_VOID(channel.Flush(Blocking::kWait));
  PLASM_TRY_VOID(AwaitRequest(channel));
  const Result<void> compiled = CompileTo(engine, channel);
  if (compiled) {
    AppendMessage(channel.outgoing(), FromWorker(CompiledMessage{}));
  } else {
    AppendMessage(channel.outgoing(), FromWorker(CompileFailedMessage{compiled.error().code,
                                                                      compiled.error().message}));
  }
  PLASM_TRY_VOID(channel.Flush(Blocking::kWait));
  return {};
}

}  // namespace plasm::worker
