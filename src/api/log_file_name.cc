#include "api/log_file_name.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/decimal.h"

namespace plasm::api {
namespace {

constexpr std::string_view kPartialEnd = ".p";

bool AreDigits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "log", or "log-2" up to "log-999999".
bool IsLogName(std::string_view text) {
  constexpr std::string_view kFirst = "log";
  constexpr std::string_view kOthers = "log-";
  if (text == kFirst) return true;
  if (!text.starts_with(kOthers)) return false;
  const auto number = ParseDecimal(text.substr(kOthers.size()));
  return number && *number >= 2 && *number <= 999'999;
}

bool IsLevel(std::string_view text) {
  constexpr std::uint64_t kMaxLevel = 63;
  if (text == "entries") return true;
  const auto level = ParseDecimal(text);
  return level && *level <= kMaxLevel;
}

bool IsGroup(std::string_view text, bool last) {
  constexpr std::size_t kDigits = 3;
  if (!last) {
    if (!text.starts_with('x')) return false;
    text.remove_prefix(1);
  }
  return text.size() == kDigits && AreDigits(text);
}

// "x001", "x234", "067": as few groups as the number needs.
bool IsIndex(std::span<const std::string> groups) {
  constexpr std::size_t kMaxGroups = 7;
  if (groups.empty() || groups.size() > kMaxGroups) return false;
  if (groups.size() > 1 && groups.front() == "x000") return false;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!IsGroup(groups[i], i + 1 == groups.size())) return false;
  }
  return true;
}

bool IsWidth(std::string_view text) {
  constexpr std::uint64_t kFull = 256;
  const auto width = ParseDecimal(text);
  return width && *width >= 1 && *width < kFull;
}

std::string Joined(std::span<const std::string> segments) {
  std::string path;
  for (const std::string& segment : segments) {
    if (!path.empty()) path += '/';
    path += segment;
  }
  return path;
}

}  // namespace

std::optional<LogFile> LogFileOf(std::span<const std::string> segments) {
  if (segments.size() < 2 || !IsLogName(segments[0])) return std::nullopt;
  const std::span<const std::string> inside = segments.subspan(1);
  if (inside.size() == 1 && inside[0] == "checkpoint") {
    return LogFile{LogFileKind::kCheckpoint, segments[0], inside[0]};
  }
  if (inside.size() < 3 || inside[0] != "tile" || !IsLevel(inside[1])) return std::nullopt;
  std::vector<std::string> index(inside.begin() + 2, inside.end());
  const bool partial = index.size() >= 2 && index[index.size() - 2].ends_with(kPartialEnd);
  if (partial) {
    if (!IsWidth(index.back())) return std::nullopt;
    index.pop_back();
    index.back().resize(index.back().size() - kPartialEnd.size());
  }
  if (!IsIndex(index)) return std::nullopt;
  return LogFile{partial ? LogFileKind::kPartial : LogFileKind::kTile, segments[0], Joined(inside)};
}

}  // namespace plasm::api
