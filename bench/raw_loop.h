// The floor: the guest's job on the engine's C API and nothing else. Same engine settings
// as src/sandbox/engine.cc; host calls that do just enough for hello.
#pragma once

#include <wasmtime.h>

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace plasm::bench {

// Not thread-safe. Failures end the process.
class RawLoop {
 public:
  explicit RawLoop(ByteView artefact);
  RawLoop(const RawLoop&) = delete;
  RawLoop& operator=(const RawLoop&) = delete;
  ~RawLoop();

  // One job: a store, its limits and fuel, an instance from the pool, the run, and all of
  // it taken down again. Checks that the output is kOutput.
  void RunOnce();

 private:
  wasm_engine_t* engine_;
  wasmtime_module_t* module_ = nullptr;
  wasmtime_linker_t* linker_;
  wasmtime_instance_pre_t* instance_pre_ = nullptr;
};

}  // namespace plasm::bench
