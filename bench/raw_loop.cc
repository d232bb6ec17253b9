#include "raw_loop.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "guest.h"

namespace plasm::bench {
namespace {

constexpr std::uint64_t kMemoryBytes = std::uint64_t{512} << 20;
constexpr std::uint64_t kFuel = INT64_MAX;
constexpr std::uint32_t kSuccess = 0;
constexpr std::uint32_t kFault = 21;

// What one job reads and writes.
struct Job {
  std::string_view input = kInput;
  std::string output;
  bool memory_found = false;
  wasmtime_memory_t memory{};
};

// What a host call sees: its job and the guest's memory.
class Guest {
 public:
  explicit Guest(wasmtime_caller_t* caller) {
    wasmtime_context_t* context = wasmtime_caller_context(caller);
    job_ = static_cast<Job*>(wasmtime_context_get_data(context));
    if (!job_->memory_found) {
      wasmtime_extern_t item;
      if (!wasmtime_caller_export_get(caller, "memory", 6, &item)) Fail("no memory");
      job_->memory = item.of.memory;
      job_->memory_found = true;
      wasmtime_extern_delete(&item);
    }
    memory_ = {wasmtime_memory_data(context, &job_->memory),
               wasmtime_memory_data_size(context, &job_->memory)};
  }

  Job& job() { return *job_; }
  bool Holds(std::uint32_t at, std::uint64_t size) const {
    return at <= memory_.size() && size <= memory_.size() - at;
  }
  std::uint8_t* At(std::uint32_t at) { return memory_.data() + at; }
  std::uint32_t Load(std::uint32_t at) {
    std::uint32_t value;
    std::memcpy(&value, At(at), sizeof(value));
    return value;
  }
  void Store(std::uint32_t at, std::uint32_t value) { std::memcpy(At(at), &value, sizeof(value)); }

 private:
  Job* job_;
  std::span<std::uint8_t> memory_;
};

std::uint32_t Arg(const wasmtime_val_raw_t* values, int index) {
  return static_cast<std::uint32_t>(values[index].i32);
}

wasm_trap_t* Return(wasmtime_val_raw_t* values, std::uint32_t error) {
  values[0].i32 = static_cast<std::int32_t>(error);
  return nullptr;
}

template <class Transfer>
wasm_trap_t* ForEachVector(wasmtime_caller_t* caller, wasmtime_val_raw_t* values,
                           Transfer transfer) {
  Guest guest(caller);
  const std::uint32_t list = Arg(values, 1);
  const std::uint32_t count = Arg(values, 2);
  if (!guest.Holds(list, std::uint64_t{count} * 8) || !guest.Holds(Arg(values, 3), 4)) {
    return Return(values, kFault);
  }
  std::size_t total = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t at = guest.Load(list + i * 8);
    const std::uint32_t size = guest.Load(list + i * 8 + 4);
    if (!guest.Holds(at, size)) return Return(values, kFault);
    total += transfer(guest.job(), std::span(guest.At(at), size));
  }
  guest.Store(Arg(values, 3), static_cast<std::uint32_t>(total));
  return Return(values, kSuccess);
}

wasm_trap_t* FdRead(void*, wasmtime_caller_t* caller, wasmtime_val_raw_t* values,
                    std::size_t) noexcept {
  return ForEachVector(caller, values, [](Job& job, std::span<std::uint8_t> buffer) {
    const std::size_t count = std::min(buffer.size(), job.input.size());
    std::copy_n(job.input.begin(), count, buffer.begin());
    job.input.remove_prefix(count);
    return count;
  });
}

wasm_trap_t* FdWrite(void*, wasmtime_caller_t* caller, wasmtime_val_raw_t* values,
                     std::size_t) noexcept {
  return ForEachVector(caller, values, [](Job& job, std::span<std::uint8_t> buffer) {
    job.output.append(reinterpret_cast<const char*>(buffer.data()), buffer.size());
    return buffer.size();
  });
}

wasm_trap_t* EnvironSizesGet(void*, wasmtime_caller_t* caller, wasmtime_val_raw_t* values,
                             std::size_t) noexcept {
  Guest guest(caller);
  if (!guest.Holds(Arg(values, 0), 4) || !guest.Holds(Arg(values, 1), 4)) {
    return Return(values, kFault);
  }
  guest.Store(Arg(values, 0), 0);
  guest.Store(Arg(values, 1), 0);
  return Return(values, kSuccess);
}

wasm_trap_t* EnvironGet(void*, wasmtime_caller_t*, wasmtime_val_raw_t* values,
                        std::size_t) noexcept {
  return Return(values, kSuccess);
}

wasm_trap_t* ArgsSizesGet(void*, wasmtime_caller_t* caller, wasmtime_val_raw_t* values,
                          std::size_t) noexcept {
  Guest guest(caller);
  if (!guest.Holds(Arg(values, 0), 4) || !guest.Holds(Arg(values, 1), 4)) {
    return Return(values, kFault);
  }
  guest.Store(Arg(values, 0), 1);
  guest.Store(Arg(values, 1), static_cast<std::uint32_t>(kProgramName.size() + 1));
  return Return(values, kSuccess);
}

wasm_trap_t* ArgsGet(void*, wasmtime_caller_t* caller, wasmtime_val_raw_t* values,
                     std::size_t) noexcept {
  Guest guest(caller);
  const std::uint32_t text = Arg(values, 1);
  if (!guest.Holds(Arg(values, 0), 4) || !guest.Holds(text, kProgramName.size() + 1)) {
    return Return(values, kFault);
  }
  guest.Store(Arg(values, 0), text);
  std::memcpy(guest.At(text), kProgramName.data(), kProgramName.size());
  *guest.At(text + static_cast<std::uint32_t>(kProgramName.size())) = 0;
  return Return(values, kSuccess);
}

wasm_trap_t* ProcExit(void*, wasmtime_caller_t*, wasmtime_val_raw_t*, std::size_t) noexcept {
  return wasmtime_trap_new("exit", 4);
}

struct Import {
  std::string_view name;
  std::size_t params;  // all of them i32
  bool returns;
  wasmtime_func_unchecked_callback_t call;
};

constexpr Import kImports[] = {
    {"args_get", 2, true, ArgsGet},       {"args_sizes_get", 2, true, ArgsSizesGet},
    {"environ_get", 2, true, EnvironGet}, {"environ_sizes_get", 2, true, EnvironSizesGet},
    {"fd_read", 4, true, FdRead},         {"fd_write", 4, true, FdWrite},
    {"proc_exit", 1, false, ProcExit},
};

void Define(wasmtime_linker_t* linker, const Import& import) {
  std::vector<wasm_valtype_t*> i32s;
  for (std::size_t i = 0; i < import.params; ++i) i32s.push_back(wasm_valtype_new(WASM_I32));
  wasm_valtype_vec_t params;
  wasm_valtype_vec_new(&params, i32s.size(), i32s.data());
  wasm_valtype_vec_t results;
  wasm_valtype_t* result = import.returns ? wasm_valtype_new(WASM_I32) : nullptr;
  wasm_valtype_vec_new(&results, import.returns ? 1 : 0, &result);
  wasm_functype_t* type = wasm_functype_new(&params, &results);
  constexpr std::string_view kModule = "wasi_snapshot_preview1";
  if (wasmtime_linker_define_func_unchecked(linker, kModule.data(), kModule.size(),
                                            import.name.data(), import.name.size(), type,
                                            import.call, nullptr, nullptr) != nullptr) {
    Fail("an import cannot be defined");
  }
  wasm_functype_delete(type);
}

// A copy of the sandbox's settings, on purpose: were they shared, a slower setting there
// would slow the floor as well, and no ratio would show it.
wasm_engine_t* NewEngine() {
  wasm_config_t* config = wasm_config_new();
  wasmtime_config_consume_fuel_set(config, true);
  wasmtime_config_cranelift_nan_canonicalization_set(config, true);
  wasmtime_config_memory_init_cow_set(config, true);
  wasmtime_config_max_wasm_stack_set(config, std::size_t{1} << 20);
  wasmtime_config_wasm_relaxed_simd_set(config, false);
  wasmtime_config_wasm_tail_call_set(config, true);
  wasmtime_config_wasm_multi_memory_set(config, false);
  wasmtime_config_wasm_memory64_set(config, false);
  wasmtime_config_wasm_function_references_set(config, false);
  wasmtime_config_wasm_gc_set(config, false);
  wasmtime_config_wasm_exceptions_set(config, false);
  wasmtime_config_wasm_wide_arithmetic_set(config, false);
  wasmtime_config_wasm_custom_page_sizes_set(config, false);
  wasmtime_config_wasm_stack_switching_set(config, false);
  wasmtime_config_shared_memory_set(config, false);
  wasmtime_config_cranelift_opt_level_set(config, WASMTIME_OPT_LEVEL_SPEED);

  auto* pool = wasmtime_pooling_allocation_config_new();
  wasmtime_pooling_allocation_config_total_core_instances_set(pool, 2);
  wasmtime_pooling_allocation_config_total_component_instances_set(pool, 0);
  wasmtime_pooling_allocation_config_total_memories_set(pool, 2);
  wasmtime_pooling_allocation_config_total_tables_set(pool, 16);
  wasmtime_pooling_allocation_config_total_gc_heaps_set(pool, 2);
  wasmtime_pooling_allocation_config_max_memories_per_module_set(pool, 1);
  wasmtime_pooling_allocation_config_max_tables_per_module_set(pool, 8);
  wasmtime_pooling_allocation_config_table_elements_set(pool, std::size_t{1} << 20);
  wasmtime_pooling_allocation_config_max_core_instance_size_set(pool, std::size_t{8} << 20);
  wasmtime_pooling_allocation_config_max_memory_size_set(pool, std::size_t{4} << 30);
  wasmtime_pooling_allocation_config_max_unused_warm_slots_set(pool, 2);
  wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(pool, std::size_t{128} << 10);
  wasmtime_pooling_allocation_config_table_keep_resident_set(pool, std::size_t{64} << 10);
  wasmtime_pooling_allocation_strategy_set(config, pool);
  wasmtime_pooling_allocation_config_delete(pool);

  wasm_engine_t* engine = wasm_engine_new_with_config(config);
  if (engine == nullptr) Fail("the engine refused its settings");
  return engine;
}

}  // namespace

RawLoop::RawLoop(ByteView artefact) : engine_(NewEngine()), linker_(wasmtime_linker_new(engine_)) {
  if (wasmtime_module_deserialize(engine_, reinterpret_cast<const std::uint8_t*>(artefact.data()),
                                  artefact.size(), &module_) != nullptr) {
    Fail("the artefact does not load: do the settings here differ from the sandbox's?");
  }
  for (const Import& import : kImports) Define(linker_, import);
  if (wasmtime_linker_instantiate_pre(linker_, module_, &instance_pre_) != nullptr) {
    Fail("the guest does not link");
  }
}

RawLoop::~RawLoop() {
  wasmtime_instance_pre_delete(instance_pre_);
  wasmtime_linker_delete(linker_);
  wasmtime_module_delete(module_);
  wasm_engine_delete(engine_);
}

void RawLoop::RunOnce() {
  Job job;
  wasmtime_store_t* store = wasmtime_store_new(engine_, &job, nullptr);
  wasmtime_store_limiter(store, static_cast<std::int64_t>(kMemoryBytes), 1 << 20, 1, -1, 1);
  wasmtime_context_t* context = wasmtime_store_context(store);
  if (wasmtime_context_set_fuel(context, kFuel) != nullptr) Fail("no fuel");

  wasmtime_instance_t instance;
  wasm_trap_t* trap = nullptr;
  if (wasmtime_instance_pre_instantiate(instance_pre_, context, &instance, &trap) != nullptr ||
      trap != nullptr) {
    Fail("no instance");
  }
  wasmtime_extern_t start;
  if (!wasmtime_instance_export_get(context, &instance, "_start", 6, &start)) Fail("no _start");
  if (wasmtime_error_t* error =
          wasmtime_func_call_unchecked(context, &start.of.func, nullptr, 0, &trap)) {
    wasmtime_error_delete(error);
  }
  if (trap != nullptr) wasm_trap_delete(trap);
  wasmtime_extern_delete(&start);

  std::uint64_t left = 0;
  (void)wasmtime_context_get_fuel(context, &left);
  wasmtime_store_delete(store);
  if (job.output != kOutput || left == kFuel) Fail("the guest did not do its work");
}

}  // namespace plasm::bench
