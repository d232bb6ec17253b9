#include "children.h"

#include <time.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace plasm::bench {
namespace {

std::uint64_t Read(clockid_t clock) {
  timespec now{};
  if (clock_gettime(clock, &now) != 0) return 0;
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace

std::vector<pid_t> Children() {
  const std::string self = std::to_string(getpid());
  std::ifstream file("/proc/self/task/" + self + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

std::uint64_t CpuNsWithChildren() {
  std::uint64_t total = Read(CLOCK_PROCESS_CPUTIME_ID);
  for (const pid_t child : Children()) {
    clockid_t clock{};
    if (clock_getcpuclockid(child, &clock) == 0) total += Read(clock);
  }
  return total;
}

std::uint64_t ResidentBytesOfChildren() {
  std::uint64_t pages = 0;
  for (const pid_t child : Children()) {
    std::ifstream memory("/proc/" + std::to_string(child) + "/statm");
    std::uint64_t all = 0;
    std::uint64_t resident = 0;
    if (memory >> all >> resident) pages += resident;
  }
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace plasm::bench
