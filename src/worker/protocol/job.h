// A job as a worker gets it: everything that a run depends on, and nothing else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace plasm::worker {

enum class Profile : std::uint8_t { kDet1 = 0, kLive = 1 };

struct JobLimits {
  std::uint64_t memory_bytes = std::uint64_t{512} << 20;
  std::uint64_t fuel = INT64_MAX;                        // instructions, as the engine counts
  std::uint64_t output_bytes = std::uint64_t{64} << 20;  // stdout and stderr together
  std::uint64_t file_bytes = std::uint64_t{1} << 30;     // contents of all files
  std::uint32_t file_nodes = 1u << 20;                   // files, folders and links
};

enum class EntryKind : std::uint8_t { kDirectory = 0, kFile = 1, kSymlink = 2 };

// One entry below a preopened folder. Entries come parents first.
struct InputEntry {
  EntryKind kind;
  std::string path;          // relative, '/' between components
  std::uint64_t offset = 0;  // kFile: where its contents are in the job's inputs
  std::uint64_t size = 0;    // kFile: bytes
  std::string target;        // kSymlink
};

struct InputFolder {
  std::string guest_path;
  std::vector<InputEntry> entries;
};

struct Job {
  Profile profile = Profile::kDet1;
  // Output is sent as it is written, not when it is convenient: somebody is watching.
  bool interactive = false;
  std::uint64_t start_time_ns = 0;  // since the Unix epoch
  std::array<std::byte, 32> seed{};
  JobLimits limits;
  std::vector<std::string> args;  // args[0] is the program's name
  std::vector<std::string> env;   // "KEY=value"
  std::vector<InputFolder> folders;
  std::vector<std::string> outputs;  // guest paths to bring back after the run
};

Bytes EncodeJob(const Job& job);

// kCorrupt for anything that EncodeJob does not write. Does not check the offsets against
// the inputs: whoever maps them does.
Result<Job> DecodeJob(ByteView bytes);

}  // namespace plasm::worker
