// A manifest as a worker's job, and the other way round.
#pragma once

#include <cstdint>

#include "receipt/manifest_v1.h"
#include "worker/protocol/job.h"

namespace plasm::execution {

// Everything but the folders, whose contents come from elsewhere (execution/input_trees.h).
worker::Job JobFor(const receipt::Manifest& manifest);

worker::JobLimits LimitsFor(const receipt::Limits& limits);

// `wall_time_ms` is not part of what a worker is told.
receipt::Limits LimitsOf(const worker::JobLimits& limits, std::uint64_t wall_time_ms);

}  // namespace plasm::execution
