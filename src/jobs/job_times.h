// How long jobs waited and ran since the node started, counted in buckets.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace plasm::jobs {

// Times in buckets, of which there are always as many. Thread-safe; a reader may see a time in
// its bucket before it is in the sum.
class TimeBuckets {
 public:
  // Upper bounds in microseconds; what is longer than all of them has a bucket of its own.
  static constexpr std::array<std::uint64_t, 14> kBoundsUs{
      100,     500,       1'000,     5'000,      10'000,      50'000,      100'000,
      500'000, 1'000'000, 5'000'000, 30'000'000, 120'000'000, 600'000'000, 3'600'000'000};
  static constexpr std::size_t kCount = kBoundsUs.size() + 1;

  struct Counted {
    std::array<std::uint64_t, kCount> counts{};  // of each bucket alone
    std::uint64_t sum_us = 0;

    std::uint64_t MeanUs() const;  // 0 of none
  };

  void Add(std::uint64_t time_ns);
  Counted Read() const;

 private:
  std::array<std::atomic<std::uint64_t>, kCount> counts_{};
  std::atomic<std::uint64_t> sum_ns_ = 0;
};

struct JobTimes {
  TimeBuckets waiting;  // from the submission to the beginning of the first attempt
  TimeBuckets running;  // the last attempt: in a worker, and what its output took to be kept
};

}  // namespace plasm::jobs
