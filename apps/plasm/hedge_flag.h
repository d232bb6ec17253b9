// When a second node gets a job that takes long: --hedge, and the times that it goes by.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/sha256.h"
#include "cli/data_folder.h"

namespace plasm::app {

// For CLI11: empty for "p95" and for seconds above 0, what is wrong otherwise. Pure.
std::string WhyNoHedge(const std::string& text);

// What a flag that passed WhyNoHedge means; nothing when it was not given, and, said on standard
// error, when too few runs of the module are known here. Errors as client::RunTimesFile.
Result<std::optional<std::chrono::nanoseconds>> HedgeOf(const std::string& flag,
                                                        const DataFolder& data,
                                                        const Sha256Digest& module);

// Keeps how long a job has taken on a node. A convenience for the next time: that it can't be kept
// is no reason to fail.
void RememberRun(const DataFolder& data, const Sha256Digest& module, std::chrono::nanoseconds took);

}  // namespace plasm::app
