// Where plasm-worker is, for a library that does not know whose program it is in.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace plasm::libplasm {

// Where it may be, the likeliest first: beside the library as it is installed or built, beside the
// running program, in the folders of `path` ($PATH). Pure.
std::vector<std::filesystem::path> WorkerCandidates(const std::filesystem::path& library,
                                                    const std::filesystem::path& program,
                                                    std::string_view path);

// The first of them that can be executed; `chosen` alone, where it is not empty. kUnavailable when
// there is none.
Result<std::filesystem::path> FindWorker(const std::filesystem::path& chosen);

}  // namespace plasm::libplasm
