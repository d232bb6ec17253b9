// Takes from this process what it does not need: after this it can compute, map memory and
// talk over descriptors that it already has, and nothing else.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace plasm::worker {

struct Confinement {
  std::uint64_t memory_bytes;  // RLIMIT_DATA: private writable memory, the guest's included
};

// First thing in main(): closes every descriptor but 0, 1, 2 and `keep`, and asks the
// kernel to kill this process with its parent.
Result<void> ForgetParent(int keep);

// After set-up and before the first byte from outside. Irreversible; covers every thread.
// Any system call beyond the list in confinement.cc kills the process, and no memory can be
// writable and executable at once.
Result<void> Confine(const Confinement& confinement);

}  // namespace plasm::worker
