// A compile worker's whole life: one module in, one artefact out.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "sandbox/engine.h"
#include "worker/protocol/channel.h"

namespace plasm::worker {

// Confines the process, waits for the one kCompile frame, compiles and answers. An error
// means that nothing could be answered.
Result<void> CompileOnce(Channel& channel, const sandbox::EngineSettings& settings,
                         std::uint64_t memory_bytes);

}  // namespace plasm::worker
