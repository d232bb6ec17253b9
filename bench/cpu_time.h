// Processor time of this process and its live children together: unlike wall time it says
// what a job costs even while others use the machine.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace plasm::bench {

// Of this process's main thread.
std::vector<pid_t> Children();

std::uint64_t CpuNsWithChildren();

// Since CpuNsWithChildren() was `before_ns`.
inline double CpuUsPerJob(std::uint64_t before_ns, std::int64_t jobs) {
  return static_cast<double>(CpuNsWithChildren() - before_ns) / 1e3 / static_cast<double>(jobs);
}

}  // namespace plasm::bench
