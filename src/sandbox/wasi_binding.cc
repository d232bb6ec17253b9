#include "sandbox/wasi_binding.h"

#include <algorithm>
#include <array>
#include <vector>

namespace plasm::sandbox {
namespace {

constexpr std::size_t kMaxParams = 9;  // path_open

FunctypeHandle FunctionType(const wasi::Call& call) {
  std::vector<wasm_valtype_t*> params;
  for (const char letter : call.params) {
    params.push_back(wasm_valtype_new(letter == 'I' ? WASM_I64 : WASM_I32));
  }
  wasm_valtype_vec_t param_types;
  wasm_valtype_vec_new(&param_types, params.size(), params.data());
  wasm_valtype_vec_t result_types;
  if (call.returns) {
    wasm_valtype_t* result = wasm_valtype_new(WASM_I32);
    wasm_valtype_vec_new(&result_types, 1, &result);
  } else {
    wasm_valtype_vec_new_empty(&result_types);
  }
  return FunctypeHandle(wasm_functype_new(&param_types, &result_types));
}

// Looked up at the first call rather than after instantiation: a start function may call
// the host before there is an instance to ask.
wasi::GuestMemory MemoryOf(wasmtime_caller_t* caller, wasmtime_context_t* context,
                           RunState& state) {
  if (!state.memory_found) {
    wasmtime_extern_t item;
    if (!wasmtime_caller_export_get(caller, "memory", 6, &item)) return wasi::GuestMemory({});
    const bool is_memory = item.kind == WASMTIME_EXTERN_MEMORY;
    if (is_memory) state.memory = item.of.memory;
    wasmtime_extern_delete(&item);
    if (!is_memory) return wasi::GuestMemory({});
    state.memory_found = true;
  }
  auto* data = reinterpret_cast<std::byte*>(wasmtime_memory_data(context, &state.memory));
  return wasi::GuestMemory({data, wasmtime_memory_data_size(context, &state.memory)});
}

wasm_trap_t* Invoke(void* env, wasmtime_caller_t* caller, wasmtime_val_raw_t* values,
                    std::size_t) noexcept {
  const auto& call = *static_cast<const wasi::Call*>(env);
  wasmtime_context_t* context = wasmtime_caller_context(caller);
  auto& state = *static_cast<RunState*>(wasmtime_context_get_data(context));

  std::array<std::uint64_t, kMaxParams> args;
  for (std::size_t i = 0; i < call.params.size(); ++i) {
    args[i] = call.params[i] == 'I' ? static_cast<std::uint64_t>(values[i].i64)
                                    : static_cast<std::uint32_t>(values[i].i32);
  }
  const wasi::CallResult result = call.invoke(*state.host, MemoryOf(caller, context, state),
                                              std::span(args.data(), call.params.size()));
  if (result.kind == wasi::CallResult::Kind::kReturn) {
    if (call.returns) values[0].i32 = static_cast<std::int32_t>(result.value);
    return nullptr;
  }
  state.ending = result;
  return wasmtime_trap_new("ended by a host call", 20);
}

}  // namespace

const wasi::Call* FindCall(std::string_view name) {
  const auto calls = wasi::Calls();
  const auto found = std::ranges::find(calls, name, &wasi::Call::name);
  return found == calls.end() ? nullptr : &*found;
}

Result<void> DefineWasi(wasmtime_linker_t& linker) {
  for (const wasi::Call& call : wasi::Calls()) {
    if (call.params.size() > kMaxParams) {
      return Error{ErrorCode::kInternal, "too many parameters: " + std::string(call.name)};
    }
    const FunctypeHandle type = FunctionType(call);
    const ErrorHandle error(wasmtime_linker_define_func_unchecked(
        &linker, kWasiModule.data(), kWasiModule.size(), call.name.data(), call.name.size(),
        type.get(), Invoke, const_cast<wasi::Call*>(&call), nullptr));
    if (error) return Error{ErrorCode::kInternal, Message(*error)};
  }
  return {};
}

}  // namespace plasm::sandbox
