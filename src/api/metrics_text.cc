#include "api/metrics_text.h"

#include <cassert>

namespace plasm::api {
namespace {

std::string_view NameOf(MetricType type) {
  switch (type) {
    case MetricType::kCounter:
      return "counter";
    case MetricType::kGauge:
      return "gauge";
    case MetricType::kHistogram:
      return "histogram";
  }
  return "untyped";
}

enum class Quotes { kAsTheyAre, kEscaped };

void AppendEscaped(std::string_view text, Quotes quotes, std::string& out) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && quotes == Quotes::kEscaped) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

}  // namespace

std::string SecondsText(std::uint64_t microseconds) {
  std::string text = std::to_string(microseconds / 1'000'000);
  std::uint64_t rest = microseconds % 1'000'000;
  if (rest == 0) return text;
  text += '.';
  for (std::uint64_t digit = 100'000; rest > 0; digit /= 10) {
    text += static_cast<char>('0' + rest / digit);
    rest %= digit;
  }
  return text;
}

void MetricsText::Family(std::string_view name, MetricType type, std::string_view help) {
  family_ = name;
  text_.append("# HELP ").append(name).append(" ");
  AppendEscaped(help, Quotes::kAsTheyAre, text_);
  text_.append("\n# TYPE ").append(name).append(" ").append(NameOf(type)).append("\n");
}

void MetricsText::Line(std::string_view suffix, Labels labels, std::string_view bound,
                       std::string_view value) {
  text_.append(family_).append(suffix);
  char separator = '{';
  const auto label = [&](std::string_view name, std::string_view text) {
    text_ += std::exchange(separator, ',');
    text_.append(name).append("=\"");
    AppendEscaped(text, Quotes::kEscaped, text_);
    text_ += '"';
  };
  for (const auto& [name, text] : labels) label(name, text);
  if (!bound.empty()) label("le", bound);
  if (separator == ',') text_ += '}';
  text_.append(" ").append(value).append("\n");
}

void MetricsText::Sample(Labels labels, std::uint64_t value) {
  Line("", labels, "", std::to_string(value));
}

void MetricsText::Histogram(Labels labels, std::span<const std::uint64_t> bounds_us,
                            std::span<const std::uint64_t> counts, std::uint64_t sum_us) {
  assert(counts.size() == bounds_us.size() + 1);
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < bounds_us.size(); ++i) {
    so_far += counts[i];
    Line("_bucket", labels, SecondsText(bounds_us[i]), std::to_string(so_far));
  }
  so_far += counts.back();
  Line("_bucket", labels, "+Inf", std::to_string(so_far));
  Line("_sum", labels, "", SecondsText(sum_us));
  Line("_count", labels, "", std::to_string(so_far));
}

}  // namespace plasm::api
