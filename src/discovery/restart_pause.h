// How long to wait before a process that has died is started again. Pure.
#pragma once

#include <algorithm>
#include <cstdint>

namespace plasm::discovery {

// Doubles with each death, and starts over after the process has lived for long.
class RestartPause {
 public:
  static constexpr std::uint64_t kFirstNs = 200'000'000;
  static constexpr std::uint64_t kLongestNs = 60'000'000'000;

  std::uint64_t After(std::uint64_t lived_ns) {
    next_ns_ = lived_ns >= kLongestNs ? kFirstNs : std::min(next_ns_, kLongestNs);
    const std::uint64_t pause = next_ns_;
    next_ns_ = pause * 2;
    return pause;
  }

 private:
  std::uint64_t next_ns_ = kFirstNs;
};

}  // namespace plasm::discovery
