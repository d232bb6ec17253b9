#include "replay_setup.h"

#include <utility>

#include "worker/supervisor/worker_process.h"

namespace plasm::app {

Result<std::unique_ptr<ReplaySetup>> MakeReplaySetup(const DataFolder& data,
                                                     const ReplayFlags& flags, Clock& clock) {
  PLASM_TRY(auto worker_program, worker::FindWorkerProgram());
  execution::ReplaySettings settings{
      .worker_program = std::move(worker_program),
      .target = flags.engine == "pulley" ? worker::Target::kPulley : worker::Target::kNative,
      .timeout_ns = static_cast<std::uint64_t>(flags.timeout_seconds * 1e9)};
  return std::make_unique<ReplaySetup>(data, std::move(settings), PLASM_ENGINE_VERSION, clock);
}

}  // namespace plasm::app
