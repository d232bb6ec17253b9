#include "ending_report.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

#include "base/base64.h"
#include "base/one_line.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "cli/terminal.h"
#include "job/exit_status.h"

namespace plasm::app {

int ExitStatusOf(const receipt::Outcome& outcome) {
  switch (outcome.status) {
    case receipt::Status::kExited:
      return static_cast<int>(std::min<std::uint32_t>(outcome.exit_code.value_or(255), 255));
    case receipt::Status::kTrapped:
      return kExitTrapped;
    case receipt::Status::kOutOfFuel:
      return kExitOutOfFuel;
    case receipt::Status::kTimedOut:
      return kExitTimedOut;
    case receipt::Status::kOutputLimit:
      return kExitOutputLimit;
    case receipt::Status::kCancelled:
      return kExitSignalled + SIGINT;
    case receipt::Status::kRejected:
      break;
  }
  return kExitModuleBad;
}

std::string WhyEnded(const receipt::Outcome& outcome) {
  switch (outcome.status) {
    case receipt::Status::kExited:
      return "";
    case receipt::Status::kTrapped:
      return "guest trapped: " + outcome.trap.value_or("unknown");
    case receipt::Status::kOutOfFuel:
      return "guest ran out of fuel after " + std::to_string(outcome.fuel_used.value_or(0)) +
             " units (--fuel)";
    case receipt::Status::kTimedOut:
      return "guest ran longer than it may (--timeout)";
    case receipt::Status::kOutputLimit:
      return "guest wrote more than it may (--output-limit)";
    case receipt::Status::kCancelled:
      return "cancelled";
    case receipt::Status::kRejected:
      break;
  }
  return "the module cannot be run: " + OneLine(outcome.reason.value_or("no reason is given"));
}

std::string VerdictText(const verify::Verification& verification) {
  std::string text(receipt::VerdictName(verification.verdict));
  if (verification.verdict != receipt::Verdict::kValid) return text + ": " + verification.reason;
  text += verification.node_name ? " (pinned" : " (";
  if (verification.log) text += verification.log->witnesses.empty() ? ", logged" : ", witnessed";
  return text + ")";
}

void ShowReceipt(ByteView receipt, const std::filesystem::path& file,
                 const verify::Verification& verification) {
  if (isatty(STDERR_FILENO) == 0) return;
  const bool valid = verification.verdict == receipt::Verdict::kValid;
  std::fprintf(stderr, "receipt  %s saved to %s\n", Sha256Of(receipt).ToString().c_str(),
               file.c_str());
  std::fprintf(
      stderr, "verdict  %s\n",
      Coloured(VerdictText(verification), valid ? Colour::kGreen : Colour::kRed, stderr).c_str());
}

void WriteStreamField(std::string_view name, const Bytes& bytes, JsonWriter& json) {
  json.Field(name, ToUtf8Lossy(bytes));
  if (!IsValidUtf8(bytes)) json.Field(std::string(name) + "_base64", EncodeBase64(bytes));
}

void WriteEnding(const verify::Verification& verification, const std::filesystem::path& file,
                 JsonWriter& json) {
  if (verification.statement) {
    const receipt::Outcome& outcome = verification.statement->result;
    json.Field("status", receipt::StatusName(outcome.status));
    if (outcome.exit_code) json.Field("exit_code", *outcome.exit_code);
    if (outcome.trap) json.Field("trap", *outcome.trap);
    if (outcome.reason) json.Field("reason", *outcome.reason);
    if (outcome.fuel_used) json.Field("fuel_used", std::to_string(*outcome.fuel_used));
  }
  json.Field("verdict", receipt::VerdictName(verification.verdict));
  if (!verification.reason.empty()) json.Field("verdict_reason", verification.reason);
  json.Field("receipt", file.string());
}

}  // namespace plasm::app
