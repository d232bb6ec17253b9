// A compiled module, ready to be run any number of times.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "sandbox/engine.h"
#include "sandbox/trap.h"

namespace plasm::wasi {
class Host;
}

namespace plasm::sandbox {

struct RunLimits {
  std::uint64_t memory_bytes = std::uint64_t{128} << 20;  // growth beyond it fails in the guest
  std::uint64_t fuel = INT64_MAX;
  std::uint32_t table_elements = 1u << 20;
};

enum class RunStatus : std::uint8_t {
  kExited,
  kTrapped,
  kOutOfFuel,
  kOutputLimit,
  kRefused,  // needs more memory or tables at its start than the limits allow
  kFailed,   // this host could not run it, through no fault of the guest
};

struct RunResult {
  RunStatus status = RunStatus::kFailed;
  std::uint32_t exit_code = 0;        // as the guest gave it; meaningful for kExited
  TrapCause trap = TrapCause::kNone;  // meaningful for kTrapped
  std::uint64_t fuel_used = 0;
  std::string message;  // for people, of a trap or a failure
};

// Not thread-safe. The engine must outlive it.
class Program {
 public:
  // Maps the artefact behind `artefact` where the engine can, and reads it otherwise.
  // The file must never change afterwards. kCorrupt when it is damaged or made by another
  // engine. The artefact is native code that this process will execute: it must come from
  // our own compile worker.
  static Result<Program> Load(const Engine& engine, UniqueFd artefact);
  static Result<Program> Load(const Engine& engine, ByteView artefact);

  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;
  ~Program();

  // Runs `_start` in a fresh instance against `host`.
  RunResult Run(const RunLimits& limits, wasi::Host& host) const;

 private:
  struct Parts;
  explicit Program(std::unique_ptr<Parts> parts);
  static Result<Program> Link(const Engine& engine, std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace plasm::sandbox
