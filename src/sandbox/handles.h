// Owning wrappers for the engine's C handles. Private to this layer: no public header of
// the sandbox mentions Wasmtime.
#pragma once

#include <wasmtime.h>

#include <memory>
#include <string>

namespace plasm::sandbox {

template <auto Delete>
struct Deleter {
  template <class T>
  void operator()(T* handle) const noexcept {
    Delete(handle);
  }
};

using ConfigHandle = std::unique_ptr<wasm_config_t, Deleter<wasm_config_delete>>;
using EngineHandle = std::unique_ptr<wasm_engine_t, Deleter<wasm_engine_delete>>;
using ErrorHandle = std::unique_ptr<wasmtime_error_t, Deleter<wasmtime_error_delete>>;
using FunctypeHandle = std::unique_ptr<wasm_functype_t, Deleter<wasm_functype_delete>>;
using InstancePreHandle =
    std::unique_ptr<wasmtime_instance_pre_t, Deleter<wasmtime_instance_pre_delete>>;
using LinkerHandle = std::unique_ptr<wasmtime_linker_t, Deleter<wasmtime_linker_delete>>;
using ModuleHandle = std::unique_ptr<wasmtime_module_t, Deleter<wasmtime_module_delete>>;
using PoolingHandle = std::unique_ptr<wasmtime_pooling_allocation_config_t,
                                      Deleter<wasmtime_pooling_allocation_config_delete>>;
using StoreHandle = std::unique_ptr<wasmtime_store_t, Deleter<wasmtime_store_delete>>;
using TrapHandle = std::unique_ptr<wasm_trap_t, Deleter<wasm_trap_delete>>;

// The engine's own words, in one line and of bounded length.
std::string Message(const wasmtime_error_t& error);
std::string Message(const wasm_trap_t& trap);

}  // namespace plasm::sandbox
