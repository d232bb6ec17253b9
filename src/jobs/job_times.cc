#include "jobs/job_times.h"

#include <algorithm>
#include <numeric>

namespace plasm::jobs {

namespace {
constexpr std::uint64_t kNsOfUs = 1000;
}

void TimeBuckets::Add(std::uint64_t time_ns) {
  const auto bound = std::ranges::lower_bound(
      kBoundsUs, time_ns, [](std::uint64_t us, std::uint64_t ns) { return us * kNsOfUs < ns; });
  counts_[static_cast<std::size_t>(bound - kBoundsUs.begin())].fetch_add(1,
                                                                         std::memory_order_relaxed);
  sum_ns_.fetch_add(time_ns, std::memory_order_relaxed);
}

std::uint64_t TimeBuckets::Counted::MeanUs() const {
  const std::uint64_t all = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  return all == 0 ? 0 : sum_us / all;
}

TimeBuckets::Counted TimeBuckets::Read() const {
  Counted read{.sum_us = sum_ns_.load(std::memory_order_relaxed) / kNsOfUs};
  for (std::size_t i = 0; i < kCount; ++i) {
    read.counts[i] = counts_[i].load(std::memory_order_relaxed);
  }
  return read;
}

}  // namespace plasm::jobs
