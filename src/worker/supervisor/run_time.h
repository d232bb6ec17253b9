// How long a program's jobs run, from those that have ended. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace plasm::worker {

// A moving average: the latest sixteen jobs weigh about two thirds.
class RunTime {
 public:
  // Of a program that has not yet run nothing is expected to be short.
  static constexpr std::uint64_t kUnknown = std::numeric_limits<std::uint64_t>::max();

  std::uint64_t ExpectedNs() const { return known_ ? average_ns_ : kUnknown; }

  // One very long job must not make all that follow look long for a long time.
  void Add(std::uint64_t ran_ns) {
    const std::uint64_t ran = std::min(ran_ns, kMostNs);
    average_ns_ = known_ ? (average_ns_ * (kWeight - 1) + ran) / kWeight : ran;
    known_ = true;
  }
  // For a job that others ended: it would have run for at least that long.
  void AddAtLeast(std::uint64_t ran_ns) {
    if (known_ && ran_ns > average_ns_) Add(ran_ns);
  }

 private:
  static constexpr std::uint64_t kWeight = 16;
  static constexpr std::uint64_t kMostNs = 100'000'000;

  std::uint64_t average_ns_ = 0;
  bool known_ = false;
};

}  // namespace plasm::worker
