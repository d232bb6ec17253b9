#include "api/request_counters.h"

#include <algorithm>

namespace plasm::api {

void RequestCounters::Count(std::string_view path, int status, std::uint64_t time_ms) {
  ++by_status_[{path, status}];
  Times& times = times_[path];
  const std::uint64_t time_us = time_ms * 1000;
  const auto bound = std::ranges::lower_bound(kBoundsUs, time_us);
  ++times.counts[static_cast<std::size_t>(bound - kBoundsUs.begin())];
  times.sum_us += time_us;
}

void RequestCounters::Write(MetricsText& text) const {
  text.Family("plasm_http_requests_total", MetricType::kCounter,
              "Requests by path and status; status 0: the client went away unanswered");
  for (const auto& [key, count] : by_status_) {
    text.Sample({{"path", key.first}, {"status", std::to_string(key.second)}}, count);
  }
  text.Family("plasm_http_request_duration_seconds", MetricType::kHistogram,
              "From a request's head to the end of its response, what clients chose to wait "
              "included");
  for (const auto& [path, times] : times_) {
    text.Histogram({{"path", path}}, kBoundsUs, times.counts, times.sum_us);
  }
}

}  // namespace plasm::api
