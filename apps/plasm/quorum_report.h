// What several nodes answered, for people and for programs.
#pragma once

#include <string>

#include "verify/quorum.h"

namespace plasm::app {

// A few aligned lines, each with a line feed; coloured for a terminal on standard output.
std::string QuorumText(const std::string& file, const verify::QuorumVerification& verification);

// One JSON object with a line feed.
std::string QuorumJson(const std::string& file, const verify::QuorumVerification& verification);

}  // namespace plasm::app
