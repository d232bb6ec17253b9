// What the API has done since the node started, for its metrics.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "api/metrics_text.h"
#include "api/router.h"

namespace plasm::api {

// Belongs to the server's thread.
class RequestCounters {
 public:
  // Upper bounds of the buckets of times; how long clients chose to wait is in them.
  static constexpr std::array<std::uint64_t, 10> kBoundsUs{
      1'000, 5'000, 10'000, 50'000, 100'000, 500'000, 1'000'000, 5'000'000, 30'000'000, 60'000'000};

  // `path`: of the router's table, or of nothing that it knows. Status 0: the client went away.
  void Count(std::string_view path, int status, std::uint64_t time_ms);

  void Write(MetricsText& text) const;

 private:
  struct Times {
    std::array<std::uint64_t, kBoundsUs.size() + 1> counts{};
    std::uint64_t sum_us = 0;
  };
  std::map<std::pair<std::string_view, int>, std::uint64_t> by_status_;
  std::map<std::string_view, Times> times_;
};

}  // namespace plasm::api
