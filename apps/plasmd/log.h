// Structured logs on standard error, one line an event: time, level, event, key=value….
#pragma once

#include <string>

#include "base/result.h"

namespace plasm::app {

// Names as in "warn"; "off" is silent. kInvalid for an unknown one.
Result<void> StartLog(const std::string& level);

}  // namespace plasm::app
