// Prometheus's text exposition format 0.0.4, written. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace plasm::api {

// Writes families one after the other:
//
//   MetricsText text;
//   text.Family("plasm_jobs", MetricType::kGauge, "Jobs by state");
//   text.Sample({{"state", "queued"}}, 3);
//   Use(std::move(text).Take());
//
// Names are the caller's constants; help texts and label values may be any UTF-8, and are escaped.
enum class MetricType { kCounter, kGauge, kHistogram };

class MetricsText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  void Family(std::string_view name, MetricType type, std::string_view help);
  // Of the family that was begun last.
  void Sample(Labels labels, std::uint64_t value);
  // A histogram's: `counts` of each bucket alone, one more than `bounds` (the last is beyond all
  // of them). Bounds and sum are microseconds and are written as seconds.
  void Histogram(Labels labels, std::span<const std::uint64_t> bounds_us,
                 std::span<const std::uint64_t> counts, std::uint64_t sum_us);

  std::string Take() && { return std::move(text_); }

 private:
  void Line(std::string_view suffix, Labels labels, std::string_view bound, std::string_view value);

  std::string text_;
  std::string family_;
};

// "1.5", "0.000001", "3".
std::string SecondsText(std::uint64_t microseconds);

}  // namespace plasm::api
