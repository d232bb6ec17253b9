// The job that every benchmark runs: hello, which prints its standard input reversed.
#pragma once

#include <array>
#include <filesystem>
#include <string_view>

#include "base/bytes.h"
#include "base/unique_fd.h"

namespace plasm::bench {

inline constexpr std::string_view kProgramName = "hello.wasm";
inline constexpr std::string_view kInput = "Hello, World!";
inline constexpr std::string_view kOutput = "!dlroW ,olleH";

// The first system's hello.wasm, to which DESIGN's figures refer, where it is at hand;
// otherwise the example's.
std::filesystem::path GuestPath();

// The guest, compiled in full by this process. Ends the process when it can't be: a
// benchmark has nothing else to do then.
const Bytes& Artefact();
UniqueFd ArtefactFile();

// Ends the process, saying why.
[[noreturn]] void Fail(std::string_view why);

}  // namespace plasm::bench
