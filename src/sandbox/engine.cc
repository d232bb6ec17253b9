#include "sandbox/engine.h"

#include "sandbox/handles.h"

namespace plasm::sandbox {
namespace {

constexpr std::size_t kGuestStackBytes = 1u << 20;

// One guest at a time runs in a worker; the second slot lets the next one start while the
// first is being torn down. Reservations are address space, not memory.
constexpr std::uint32_t kSlots = 2;
constexpr std::uint32_t kTablesPerModule = 8;
constexpr std::size_t kTableElements = 1u << 20;
constexpr std::size_t kInstanceBytes = 8u << 20;
constexpr std::size_t kMaxMemoryBytes = std::size_t{4} << 30;
// Cleared with memset on reuse instead of being returned to the kernel and faulted in again.
// The two pages of a small C program: with them hello.wasm takes 5 us, without 19. More
// costs those that use little of a large memory (bench/README.md).
constexpr std::size_t kResidentMemoryBytes = 128u << 10;
constexpr std::size_t kResidentTableBytes = 64u << 10;

void UsePool(wasm_config_t* config) {
  const PoolingHandle pool(wasmtime_pooling_allocation_config_new());
  auto* p = pool.get();
  wasmtime_pooling_allocation_config_total_core_instances_set(p, kSlots);
  wasmtime_pooling_allocation_config_total_component_instances_set(p, 0);
  wasmtime_pooling_allocation_config_total_memories_set(p, kSlots);
  wasmtime_pooling_allocation_config_total_tables_set(p, kSlots * kTablesPerModule);
  wasmtime_pooling_allocation_config_total_gc_heaps_set(p, kSlots);
  wasmtime_pooling_allocation_config_max_memories_per_module_set(p, 1);
  wasmtime_pooling_allocation_config_max_tables_per_module_set(p, kTablesPerModule);
  wasmtime_pooling_allocation_config_table_elements_set(p, kTableElements);
  wasmtime_pooling_allocation_config_max_core_instance_size_set(p, kInstanceBytes);
  wasmtime_pooling_allocation_config_max_memory_size_set(p, kMaxMemoryBytes);
  wasmtime_pooling_allocation_config_max_unused_warm_slots_set(p, kSlots);
  wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(p, kResidentMemoryBytes);
  wasmtime_pooling_allocation_config_table_keep_resident_set(p, kResidentTableBytes);
  wasmtime_pooling_allocation_strategy_set(config, p);
}

// What a result may depend on. A change here is a change of the profile.
void SetDeterminism(wasm_config_t* config) {
  wasmtime_config_consume_fuel_set(config, true);
  wasmtime_config_cranelift_nan_canonicalization_set(config, true);
  wasmtime_config_memory_init_cow_set(config, true);  // on or off counts different fuel
  wasmtime_config_max_wasm_stack_set(config, kGuestStackBytes);

  wasmtime_config_wasm_simd_set(config, true);
  wasmtime_config_wasm_relaxed_simd_set(config, false);
  wasmtime_config_wasm_bulk_memory_set(config, true);
  wasmtime_config_wasm_multi_value_set(config, true);
  wasmtime_config_wasm_reference_types_set(config, true);
  wasmtime_config_wasm_tail_call_set(config, true);
  wasmtime_config_wasm_multi_memory_set(config, false);  // the memory limit is one memory's
  wasmtime_config_wasm_memory64_set(config, false);
  wasmtime_config_wasm_function_references_set(config, false);
  wasmtime_config_wasm_gc_set(config, false);
  wasmtime_config_wasm_exceptions_set(config, false);
  wasmtime_config_wasm_wide_arithmetic_set(config, false);
  wasmtime_config_wasm_custom_page_sizes_set(config, false);
  wasmtime_config_wasm_stack_switching_set(config, false);
#ifdef WASMTIME_FEATURE_THREADS
  wasmtime_config_wasm_threads_set(config, false);
#endif
  wasmtime_config_shared_memory_set(config, false);
}

}  // namespace

void Engine::Delete::operator()(wasm_engine_t* engine) const noexcept {
  wasm_engine_delete(engine);
}

Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

Result<Engine> Engine::Create(const EngineSettings& settings) {
  ConfigHandle config(wasm_config_new());
  SetDeterminism(config.get());
  wasmtime_config_strategy_set(config.get(), WASMTIME_STRATEGY_CRANELIFT);
  const bool quick = settings.tier == Tier::kQuick;
  wasmtime_config_cranelift_opt_level_set(
      config.get(), quick ? WASMTIME_OPT_LEVEL_NONE : WASMTIME_OPT_LEVEL_SPEED);
  wasmtime_config_cranelift_regalloc_algorithm_set(
      config.get(), quick ? WASMTIME_REGALLOC_SINGLE_PASS : WASMTIME_REGALLOC_BACKTRACKING);
#ifdef PLASM_COMPILES_IN_ONE_THREAD
  // For ThreadSanitizer: the engine is not instrumented, so nobody sees how its threads wait
  // for each other, and each use of memory that one of them made looks like a race.
  wasmtime_config_parallel_compilation_set(config.get(), false);
#endif
  if (settings.target == Target::kPulley) {
    if (ErrorHandle error(wasmtime_config_target_set(config.get(), "pulley64")); error) {
      return Error{ErrorCode::kUnavailable, "engine target pulley64: " + Message(*error)};
    }
  }
  if (settings.allocation == Allocation::kPool) UsePool(config.get());

  wasm_engine_t* engine = wasm_engine_new_with_config(config.release());
  if (engine == nullptr) return Error{ErrorCode::kInternal, "the engine refused its settings"};
  return Engine(engine);
}

}  // namespace plasm::sandbox
