// The same job through the sandbox and WASI layers, in one process.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>

#include "base/clock.h"
#include "base/entropy.h"
#include "guest.h"
#include "sandbox/engine.h"
#include "sandbox/program.h"
#include "wasi/host.h"

namespace plasm::bench {
namespace {

class MemoryStreams final : public wasi::Streams {
 public:
  std::size_t Read(std::span<std::byte> buffer) noexcept override {
    const std::size_t count = std::min(buffer.size(), input_.size());
    std::copy_n(input_.begin(), count, buffer.begin());
    input_ = input_.subspan(count);
    return count;
  }
  bool WaitReadable(std::uint64_t) noexcept override { return true; }
  void Write(wasi::OutputStream, ByteView bytes) noexcept override { output_ += AsText(bytes); }

  const std::string& output() const { return output_; }

 private:
  ByteView input_ = AsBytes(kInput);
  std::string output_;
};

void SandboxAndWasi(benchmark::State& state) {
  const auto engine = sandbox::Engine::Create({});
  if (!engine) Fail(engine.error().message);
  const auto program = sandbox::Program::Load(*engine, Artefact());
  if (!program) Fail(program.error().message);
  SystemClock clock;
  SystemEntropy entropy;
  const sandbox::RunLimits limits{.memory_bytes = std::uint64_t{512} << 20};
  for (auto _ : state) {
    MemoryStreams streams;
    wasi::HostConfig config;
    config.args = {std::string(kProgramName)};
    wasi::Host host(std::move(config), wasi::FileTree(), streams, clock, entropy);
    const sandbox::RunResult result = program->Run(limits, host);
    if (result.status != sandbox::RunStatus::kExited || streams.output() != kOutput) {
      Fail("the guest did not do its work");
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(SandboxAndWasi)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace plasm::bench
