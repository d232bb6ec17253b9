#include "log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>

#include "base/json_writer.h"
#include "base/quote.h"
#include "base/utc_time.h"

namespace plasm::app {
namespace {

// Set before threads are started, and read by them.
std::atomic<LogFormat> format_of_lines = LogFormat::kText;

spdlog::level::level_enum LevelOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string_view NameOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

std::string TextLine(std::string_view event, const LogFields& fields) {
  std::string line(event);
  for (const auto& [key, value] : fields) {
    line.append(" ").append(key).append("=");
    if (const auto* number = std::get_if<std::uint64_t>(&value)) {
      line += std::to_string(*number);
    } else {
      line += Quote(std::get<std::string_view>(value));
    }
  }
  return line;
}

std::string JsonLine(LogLevel level, std::string_view event, const LogFields& fields) {
  const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  JsonWriter json(JsonStyle::kCompact);
  json.BeginObject()
      .Field("time", UtcTime::FromNanoseconds(static_cast<std::uint64_t>(now.count())).ToString())
      .Field("level", NameOf(level))
      .Field("event", event);
  for (const auto& [key, value] : fields) {
    if (const auto* number = std::get_if<std::uint64_t>(&value)) {
      json.Field(key, *number);
    } else {
      json.Field(key, std::get<std::string_view>(value));
    }
  }
  json.EndObject();
  return std::move(json).Take();
}

}  // namespace

Result<void> StartLog(const std::string& level, LogFormat format) {
  const auto parsed = spdlog::level::from_str(level);
  if (parsed == spdlog::level::off && level != "off") {
    return Error{ErrorCode::kInvalid,
                 "unknown log level \"" + level + "\": use trace, debug, info, warn, error or off"};
  }
  spdlog::drop("plasmd");
  auto logger = spdlog::stderr_logger_mt("plasmd");
  logger->set_level(parsed);
  if (format == LogFormat::kJson) {
    logger->set_pattern("%v");
  } else {
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  }
  spdlog::set_default_logger(std::move(logger));
  format_of_lines = format;
  return {};
}

void LogEvent(LogLevel level, std::string_view event, const LogFields& fields) {
  if (!IsLogged(level)) return;
  const bool json = format_of_lines.load(std::memory_order_relaxed) == LogFormat::kJson;
  const std::string line = json ? JsonLine(level, event, fields) : TextLine(event, fields);
  spdlog::log(LevelOf(level), "{}", line);
}

bool IsLogged(LogLevel level) { return spdlog::should_log(LevelOf(level)); }

}  // namespace plasm::app
