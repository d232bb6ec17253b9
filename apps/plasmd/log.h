// Structured logs on standard error, one line an event: time, level, event, key=value… or JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace plasm::app {

enum class LogFormat { kText, kJson };
enum class LogLevel { kDebug, kInfo, kWarn, kError };

// Names as in "warn"; "off" is silent. kInvalid for an unknown one. Again: replaces what was
// started. Before threads are.
Result<void> StartLog(const std::string& level, LogFormat format = LogFormat::kText);

// Values may come from outside: they are escaped.
using LogValue = std::variant<std::string_view, std::uint64_t>;
using LogFields = std::vector<std::pair<std::string_view, LogValue>>;

// Thread-safe.
void LogEvent(LogLevel level, std::string_view event, const LogFields& fields = {});

// Whether such a line would be written, so that one that is costly need not be made.
bool IsLogged(LogLevel level);

}  // namespace plasm::app
