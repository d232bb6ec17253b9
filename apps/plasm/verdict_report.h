// A verdict for people and for programs.
#pragma once

#include <optional>
#include <string>

#include "execution/replay_receipt.h"
#include "verify/verification.h"

namespace plasm::app {

struct VerdictReport {
  std::string file;
  verify::Verification verification;  // the verdict is the final one, replay included
  std::optional<execution::ReplayReport> replay;
};

// A few aligned lines, each with a line feed; coloured for a terminal on standard output.
std::string ReportText(const VerdictReport& report);

// One JSON object with a line feed.
std::string ReportJson(const VerdictReport& report);

}  // namespace plasm::app
