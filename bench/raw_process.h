// The raw loop in a process of its own: with one per core, the most jobs that this machine
// can do when nothing but the engine takes its time.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "base/unique_fd.h"

namespace plasm::bench {

class RawProcess {
 public:
  RawProcess();
  RawProcess(const RawProcess&) = delete;
  RawProcess& operator=(const RawProcess&) = delete;
  ~RawProcess();

  void Start(std::uint32_t jobs);
  void Await();  // until those jobs are done

 private:
  pid_t pid_ = -1;
  UniqueFd socket_;
};

}  // namespace plasm::bench
