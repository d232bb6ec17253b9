// Binds the WASI layer's table of calls to the engine's imports. Private to this layer.
#pragma once

#include <string_view>

#include "base/result.h"
#include "sandbox/handles.h"
#include "wasi/call.h"

namespace plasm::sandbox {

inline constexpr std::string_view kWasiModule = "wasi_snapshot_preview1";

// What the host calls of one run share; the store's data points at it.
struct RunState {
  wasi::Host* host = nullptr;
  bool memory_found = false;
  wasmtime_memory_t memory{};
  wasi::CallResult ending{};  // kReturn until the guest ended through a host call
};

// The entry of the table with this name, or null.
const wasi::Call* FindCall(std::string_view name);

// Defines every call under kWasiModule. Each expects a RunState as the store's data.
Result<void> DefineWasi(wasmtime_linker_t& linker);

}  // namespace plasm::sandbox
