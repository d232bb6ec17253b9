// One configured Wasmtime engine: the settings of spec/profile-det-1.md, section "Engine".
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"

struct wasm_engine_t;

namespace plasm::sandbox {

// Which instructions a module is compiled to.
enum class Target : std::uint8_t {
  kNative,  // this machine's
  kPulley,  // the engine's portable interpreter
};

// How much work the compiler does. Both count the same fuel; they differ in stack depth.
enum class Tier : std::uint8_t {
  kQuick,  // no optimisation, single-pass register allocation: a module's first run
  kFull,
};

enum class Allocation : std::uint8_t {
  kOnDemand,  // for compiling, and for modules that the pool refuses
  kPool,      // slots prepared once and reused: for running
};

struct EngineSettings {
  Target target = Target::kNative;
  Tier tier = Tier::kFull;  // matters to compiling only: an engine loads both
  Allocation allocation = Allocation::kPool;
};

// Thread-safe after construction. Costs well under a millisecond.
class Engine {
 public:
  static Result<Engine> Create(const EngineSettings& settings);

  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  wasm_engine_t* get() const { return engine_.get(); }

 private:
  struct Delete {
    void operator()(wasm_engine_t* engine) const noexcept;
  };
  explicit Engine(wasm_engine_t* engine) : engine_(engine) {}

  std::unique_ptr<wasm_engine_t, Delete> engine_;
};

}  // namespace plasm::sandbox
