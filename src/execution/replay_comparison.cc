#include "execution/replay_comparison.h"

#include <algorithm>

#include "base/quote.h"
#include "receipt/result_digest.h"

namespace plasm::execution {
namespace {

using receipt::Status;

std::string Differs(const std::string& what, const std::string& recorded,
                    const std::string& replayed) {
  return what + ": the receipt has " + recorded + ", the replay " + replayed;
}

std::string At(std::optional<std::uint64_t> offset) {
  return offset ? " from byte " + std::to_string(*offset) + " on" : "";
}

std::string StreamDifference(const char* name, worker::Stream stream,
                             const receipt::StreamSubject& recorded,
                             const receipt::StreamSubject& replayed, FirstDifferences* places) {
  if (recorded == replayed) return "";
  const auto offset = places == nullptr ? std::nullopt : places->OffsetIn(stream);
  return Differs(name + std::string(" differs") + At(offset),
                 std::to_string(recorded.bytes) + " bytes", std::to_string(replayed.bytes));
}

std::string FileDifference(const std::vector<receipt::FileSubject>& recorded,
                           const std::vector<receipt::FileSubject>& replayed,
                           FirstDifferences* places) {
  const auto [left, right] = std::ranges::mismatch(recorded, replayed);
  const bool left_ends = left == recorded.end();
  const bool right_ends = right == replayed.end();
  if (left_ends && right_ends) return "";
  if (right_ends || (!left_ends && left->path < right->path)) {
    return "file " + Quote(left->path) + ": the replay does not make it";
  }
  if (left_ends || right->path < left->path) {
    return "file " + Quote(right->path) + ": only the replay makes it";
  }
  const auto offset = places == nullptr ? std::nullopt : places->OffsetIn(left->path);
  return "file " + Quote(left->path) + " differs" + At(offset);
}

// An ending on which engines that are built or set up otherwise need not agree
// (spec/profile-det-1.md section 14).
bool DependsOnStack(const receipt::Outcome& outcome) {
  return outcome.status == Status::kTrapped && outcome.trap == "stack_overflow";
}

std::string EndingDifference(const receipt::Outcome& recorded, const receipt::Outcome& replayed) {
  if (recorded.status != replayed.status) {
    return Differs("status", std::string(StatusName(recorded.status)),
                   std::string(StatusName(replayed.status)));
  }
  if (recorded.exit_code != replayed.exit_code) {
    return Differs("exit code", std::to_string(recorded.exit_code.value_or(0)),
                   std::to_string(replayed.exit_code.value_or(0)));
  }
  if (recorded.trap != replayed.trap) {
    return Differs("trap", recorded.trap.value_or(""), replayed.trap.value_or(""));
  }
  return "";
}

}  // namespace

std::string WhyNotReplayable(const receipt::Statement& recorded) {
  if (recorded.runtime.profile != receipt::Profile::kDet1) {
    return "the job ran with real time and randomness (profile live)";
  }
  if (!receipt::CountsFuel(recorded.result.status)) {
    return "a job that ended as " + std::string(StatusName(recorded.result.status)) +
           " has no result to compare";
  }
  return "";
}

ReplayComparison CompareReplay(const receipt::Statement& recorded, const FinishedRun& replayed,
                               const receipt::Runtime& runtime, FirstDifferences* places) {
  const receipt::Outcome& before = recorded.result;
  const receipt::Outcome& after = replayed.outcome;
  const bool same_configuration = recorded.runtime.configuration == runtime.configuration;
  const bool same_build = same_configuration && recorded.runtime.target == runtime.target;
  if (after.status == Status::kRejected && same_configuration) {
    return {receipt::Verdict::kReplayDiffers,
            Differs("status", std::string(StatusName(before.status)), "rejected") + ": " +
                after.reason.value_or("")};
  }
  if (!receipt::CountsFuel(after.status)) {
    return {receipt::Verdict::kReplayInconclusive, "the replay ended as " +
                                                       std::string(StatusName(after.status)) +
                                                       (after.reason ? ": " + *after.reason : "")};
  }
  std::string difference = EndingDifference(before, after);
  if (difference.empty()) {
    difference = StreamDifference("stdout", worker::Stream::kStdout, recorded.stdout_subject,
                                  replayed.stdout_subject, places);
  }
  if (difference.empty()) {
    difference = StreamDifference("stderr", worker::Stream::kStderr, recorded.stderr_subject,
                                  replayed.stderr_subject, places);
  }
  if (difference.empty()) difference = FileDifference(recorded.files, replayed.files, places);
  if (difference.empty() && same_configuration && before.fuel_used != after.fuel_used) {
    difference = Differs("fuel", std::to_string(before.fuel_used.value_or(0)),
                         std::to_string(after.fuel_used.value_or(0)));
  }
  if (difference.empty()) {
    receipt::Statement again = recorded;
    DescribeRun(replayed, again);
    if (again.result_digest != recorded.result_digest) difference = "the result digest differs";
  }
  if (difference.empty()) return {receipt::Verdict::kValid, ""};

  const bool fuel_decides =
      before.status == Status::kOutOfFuel || after.status == Status::kOutOfFuel;
  const bool stack_decides = DependsOnStack(before) || DependsOnStack(after);
  if ((fuel_decides && !same_configuration) || (stack_decides && !same_build)) {
    return {receipt::Verdict::kReplayInconclusive,
            difference + " (engines that are built otherwise need not agree on this)"};
  }
  return {receipt::Verdict::kReplayDiffers, difference};
}

}  // namespace plasm::execution
