#include "hedge_flag.h"

#include <charconv>
#include <system_error>

#include "client/run_times.h"
#include "verbs.h"

namespace plasm::app {
namespace {

constexpr const char* kUsual = "p95";
constexpr double kMostSeconds = 86'400;

std::optional<double> SecondsIn(const std::string& text) {
  double seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!(seconds > 0 && seconds <= kMostSeconds)) return std::nullopt;
  return seconds;
}

}  // namespace

std::string WhyNoHedge(const std::string& text) {
  if (text == kUsual || SecondsIn(text)) return "";
  return "found \"" + text + "\", expected p95 or seconds above 0, at most 86400";
}

Result<std::optional<std::chrono::nanoseconds>> HedgeOf(const std::string& flag,
                                                        const DataFolder& data,
                                                        const Sha256Digest& module) {
  using std::chrono::nanoseconds;
  if (flag.empty()) return std::optional<nanoseconds>();
  if (const auto seconds = SecondsIn(flag)) {
    return std::optional(
        std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(*seconds)));
  }
  PLASM_TRY(const client::RunTimes times, client::RunTimesFile(data.root()).Load());
  if (const auto usual = times.Usual(module)) return std::optional(nanoseconds(*usual));
  PrintError("--hedge p95: fewer than " + std::to_string(client::RunTimes::kFewest) +
             " runs of this module on nodes are known here, so only one node gets it at a time");
  return std::optional<nanoseconds>();
}

void RememberRun(const DataFolder& data, const Sha256Digest& module,
                 std::chrono::nanoseconds took) {
  (void)client::RunTimesFile(data.root())
      .Add(module, std::chrono::ceil<std::chrono::milliseconds>(took));
}

}  // namespace plasm::app
