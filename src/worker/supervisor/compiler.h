// Compiles modules, each in a process of its own that sees one module and exits.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "worker/supervisor/artefact_cache.h"

namespace plasm::worker {

// Files beyond this are not even read; how large a module may be is the compiler's to say.
inline constexpr std::size_t kMaxModuleFileBytes = std::size_t{256} << 20;

enum class Priority : std::uint8_t {
  kNormal,
  kLow,  // gives way to everything else, yet gets on when the machine is busy
};

struct CompileLimits {
  std::uint64_t wall_time_ns = 300'000'000'000;
  std::uint64_t memory_bytes = std::uint64_t{4} << 30;
  // While this descriptor is readable nothing is compiled; see ExecutorSettings::cancel_fd.
  int cancel_fd = -1;
  Priority priority = Priority::kNormal;
};

// The references must outlive it.
class Compiler {
 public:
  Compiler(std::filesystem::path worker_program, const ArtefactCache& cache, Clock& clock,
           CompileLimits limits = {})
      : worker_program_(std::move(worker_program)), cache_(cache), clock_(clock), limits_(limits) {}

  // Compiles `module`, whose digest is key.module, stores the artefact and returns it, open
  // for reading. Blocks. kInvalid names what is wrong with the module; kLimitExceeded means
  // that compiling took longer than the limit; kInternal that the compile worker crashed;
  // kUnavailable that this machine could not, or that it was cancelled.
  Result<UniqueFd> Compile(const ArtefactKey& key, ByteView module) const;

 private:
  std::filesystem::path worker_program_;
  const ArtefactCache& cache_;
  Clock& clock_;
  CompileLimits limits_;
};

}  // namespace plasm::worker
