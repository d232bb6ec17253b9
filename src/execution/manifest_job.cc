#include "execution/manifest_job.h"

namespace plasm::execution {

worker::JobLimits LimitsFor(const receipt::Limits& limits) {
  return {.memory_bytes = limits.memory_bytes,
          .fuel = limits.fuel,
          .output_bytes = limits.output_bytes,
          .file_bytes = limits.file_bytes,
          .file_nodes = limits.file_nodes};
}

receipt::Limits LimitsOf(const worker::JobLimits& limits, std::uint64_t wall_time_ms) {
  return {.memory_bytes = limits.memory_bytes,
          .fuel = limits.fuel,
          .output_bytes = limits.output_bytes,
          .file_bytes = limits.file_bytes,
          .file_nodes = limits.file_nodes,
          .wall_time_ms = wall_time_ms};
}

worker::Job JobFor(const receipt::Manifest& manifest) {
  worker::Job job;
  job.profile =
      manifest.profile == receipt::Profile::kLive ? worker::Profile::kLive : worker::Profile::kDet1;
  job.start_time_ns = manifest.start_time_ns;
  job.seed = manifest.seed;
  job.limits = LimitsFor(manifest.limits);
  job.args = manifest.args;
  job.env = manifest.env;
  job.outputs = manifest.outputs;
  return job;
}

}  // namespace plasm::execution
