#include "client/run_times.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/file.h"
#include "base/quote.h"
#include "trust/guarded_file.h"

namespace plasm::client {
namespace {

// A day and more: what no run takes.
constexpr std::uint64_t kMostMilliseconds = 1'000'000'000;

}  // namespace

Result<RunTimes> RunTimes::Parse(ByteView bytes) {
  if (bytes.size() > kMaxRunTimesBytes) {
    return Error{ErrorCode::kLimitExceeded,
                 "longer than " + std::to_string(kMaxRunTimesBytes) + " bytes"};
  }
  RunTimes times;
  std::string_view text = AsText(bytes);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t blank = std::min(line.find(' '), line.size());
    const auto module = Sha256Digest::FromHex(line.substr(0, blank));
    const auto took = ParseDecimal(line.substr(std::min(blank + 1, line.size())));
    if (!module || !took || *took > kMostMilliseconds) {
      return Error{ErrorCode::kInvalid,
                   "line " + std::to_string(number) + ": found " + Quote(line) +
                       ", expected 64 hex digits, a blank and milliseconds; the file may be "
                       "deleted"};
    }
    times.Add(*module, std::chrono::milliseconds(*took));
  }
  return times;
}

std::string RunTimes::Serialize() const {
  std::string text;
  for (const auto& [module, took] : runs_) {
    text += module.ToHex() + " " + std::to_string(took.count()) + "\n";
  }
  return text;
}

void RunTimes::Add(const Sha256Digest& module, std::chrono::milliseconds took) {
  runs_.emplace_back(
      module, std::clamp<std::chrono::milliseconds>(took, std::chrono::milliseconds(0),
                                                    std::chrono::milliseconds(kMostMilliseconds)));
  if (runs_.size() > kMost) runs_.pop_front();
}

std::optional<std::chrono::milliseconds> RunTimes::Usual(const Sha256Digest& module) const {
  std::vector<std::chrono::milliseconds> took;
  for (const auto& [of, time] : runs_) {
    if (of == module) took.push_back(time);
  }
  if (took.size() < kFewest) return std::nullopt;
  std::ranges::sort(took);
  return took[(took.size() * 95 + 99) / 100 - 1];  // the nearest rank
}

Result<RunTimes> RunTimesFile::Load() const {
  return trust::ReadGuardedForm<RunTimes>(folder_ / "run-times", kMaxRunTimesBytes);
}

Result<void> RunTimesFile::Add(const Sha256Digest& module, std::chrono::milliseconds took) const {
  PLASM_TRY_VOID(CreateFolders(folder_, 0700));
  PLASM_TRY(const UniqueFd lock,
            trust::LockFile(folder_ / "run-times.lock", trust::LockKind::kExclusive));
  PLASM_TRY(RunTimes times, Load());
  times.Add(module, took);
  return WriteFileAtomically(folder_ / "run-times", AsBytes(times.Serialize()),
                             {.mode = 0600, .durability = Durability::kBuffered});
}

}  // namespace plasm::client
