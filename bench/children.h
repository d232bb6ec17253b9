// What this process and the workers that it started take from the machine.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace plasm::bench {

// Of this process's main thread.
std::vector<pid_t> Children();

// Processor time of this process and its live children together: unlike wall time it says
// what a job costs even while others use the machine.
std::uint64_t CpuNsWithChildren();

// Since CpuNsWithChildren() was `before_ns`.
inline double CpuUsPerJob(std::uint64_t before_ns, std::int64_t jobs) {
  return static_cast<double>(CpuNsWithChildren() - before_ns) / 1e3 / static_cast<double>(jobs);
}

// Of the live children together; zero when there are none, or none to be seen.
std::uint64_t ResidentBytesOfChildren();

}  // namespace plasm::bench
