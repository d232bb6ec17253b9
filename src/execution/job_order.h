// A job as somebody on this machine asks for it: with folders of the host, and with gaps that
// are filled when it becomes a manifest.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "base/utc_time.h"
#include "receipt/manifest_v1.h"
#include "worker/protocol/job.h"

namespace plasm::execution {

struct HostFolder {
  std::filesystem::path host;
  std::string guest;
};

struct JobOrder {
  std::vector<std::string> args;  // args[0] is the program's name
  std::vector<std::string> env;   // "KEY=value"
  std::vector<HostFolder> inputs;
  std::vector<std::string> outputs;  // guest paths to keep; doubles count once
  worker::JobLimits limits;
  std::uint64_t wall_time_ms = 300'000;  // zero: none
  receipt::Profile profile = receipt::Profile::kDet1;
  std::optional<std::uint64_t> start_time_ns;     // nothing: now, to the second
  std::optional<std::array<std::byte, 32>> seed;  // nothing: spec/job.md section 5
  std::optional<std::string> requester;
  std::optional<std::string> nonce;
  std::optional<UtcTime> not_after;
};

// All of the manifest but its inputs, its standard input and a seed that the order leaves open.
// Pure.
receipt::Manifest ManifestOf(const JobOrder& order, const receipt::ModuleName& module,
                             std::uint64_t now_ns);

// Sets the seed, once everything but standard input is there. Pure.
void FillSeed(const JobOrder& order, receipt::Manifest& manifest);

struct FolderSnapshot {
  std::vector<worker::InputFolder> folders;
  UniqueFd contents;  // sealed; empty when there are no folders
};

// The folders as they are now. Errors as worker::Inputs.
Result<FolderSnapshot> TakeSnapshot(const std::vector<HostFolder>& folders,
                                    const worker::JobLimits& limits);

}  // namespace plasm::execution
