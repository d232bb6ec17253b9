#include "sandbox/program.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <string>
#include <string_view>

#include "sandbox/handles.h"
#include "sandbox/wasi_binding.h"

#if PLASM_ENGINE_LOADS_FD
extern "C" wasmtime_error_t* plasm_engine_module_from_fd(const wasm_engine_t* engine, int fd,
                                                         wasmtime_module_t** out);
#endif

namespace plasm::sandbox {
namespace {

TrapCause CauseOf(wasmtime_trap_code_t code) {
  switch (code) {
    case WASMTIME_TRAP_CODE_STACK_OVERFLOW:
      return TrapCause::kStackOverflow;
    case WASMTIME_TRAP_CODE_MEMORY_OUT_OF_BOUNDS:
      return TrapCause::kMemoryOutOfBounds;
    case WASMTIME_TRAP_CODE_TABLE_OUT_OF_BOUNDS:
      return TrapCause::kTableOutOfBounds;
    case WASMTIME_TRAP_CODE_INDIRECT_CALL_TO_NULL:
      return TrapCause::kIndirectCallToNull;
    case WASMTIME_TRAP_CODE_BAD_SIGNATURE:
      return TrapCause::kBadSignature;
    case WASMTIME_TRAP_CODE_INTEGER_OVERFLOW:
      return TrapCause::kIntegerOverflow;
    case WASMTIME_TRAP_CODE_INTEGER_DIVISION_BY_ZERO:
      return TrapCause::kIntegerDivisionByZero;
    case WASMTIME_TRAP_CODE_BAD_CONVERSION_TO_INTEGER:
      return TrapCause::kBadConversionToInteger;
    case WASMTIME_TRAP_CODE_UNREACHABLE_CODE_REACHED:
      return TrapCause::kUnreachable;
    case WASMTIME_TRAP_CODE_NULL_REFERENCE:
      return TrapCause::kNullReference;
    default:
      return TrapCause::kOther;
  }
}

// The engine puts a backtrace of nameless functions in front of what happened.
std::string WithoutBacktrace(const std::string& message) {
  constexpr std::string_view kMark = "Caused by: wasm trap: ";
  const auto mark = message.rfind(kMark);
  return mark == std::string::npos ? message : message.substr(mark + kMark.size());
}

// How the guest ended, from what the engine and the host calls say of it.
void Conclude(RunResult& result, const RunState& state, const wasmtime_error_t* error,
              const wasm_trap_t* trap) {
  using Kind = wasi::CallResult::Kind;
  switch (state.ending.kind) {
    case Kind::kExit:
      result.status = RunStatus::kExited;
      result.exit_code = state.ending.value;
      return;
    case Kind::kOutputLimit:
      result.status = RunStatus::kOutputLimit;
      return;
    case Kind::kAbort:
      result.status = RunStatus::kTrapped;
      result.trap = TrapCause::kAbort;
      result.message = "the guest raised signal " + std::to_string(state.ending.value);
      return;
    case Kind::kReturn:
      break;
  }
  if (trap != nullptr) {
    wasmtime_trap_code_t code = 0;
    if (wasmtime_trap_code(trap, &code)) {
      if (code == WASMTIME_TRAP_CODE_OUT_OF_FUEL) {
        result.status = RunStatus::kOutOfFuel;
        return;
      }
      result.status = RunStatus::kTrapped;
      result.trap = CauseOf(code);
    }
    result.message = WithoutBacktrace(Message(*trap));
    return;
  }
  if (error != nullptr) {
    result.message = Message(*error);
    // The store's limiter speaks only in words.
    if (result.message.find("exceeds memory limits") != std::string::npos ||
        result.message.find("exceeds table limits") != std::string::npos) {
      result.status = RunStatus::kRefused;
    }
    return;
  }
  result.status = RunStatus::kExited;
}

}  // namespace

struct Program::Parts {
  wasm_engine_t* engine = nullptr;
  ModuleHandle module;
  LinkerHandle linker;
  InstancePreHandle instance_pre;
};

Program::Program(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;
Program::~Program() = default;

Result<Program> Program::Load(const Engine& engine, ByteView artefact) {
  auto parts = std::make_unique<Parts>();
  wasmtime_module_t* module = nullptr;
  const ErrorHandle error(wasmtime_module_deserialize(
      engine.get(), reinterpret_cast<const std::uint8_t*>(artefact.data()), artefact.size(),
      &module));
  if (error) return Error{ErrorCode::kCorrupt, "artefact does not load: " + Message(*error)};
  parts->module.reset(module);
  return Link(engine, std::move(parts));
}

Result<Program> Program::Load(const Engine& engine, UniqueFd artefact) {
#if PLASM_ENGINE_LOADS_FD
  auto parts = std::make_unique<Parts>();
  wasmtime_module_t* module = nullptr;
  const ErrorHandle error(plasm_engine_module_from_fd(engine.get(), artefact.Release(), &module));
  if (error) return Error{ErrorCode::kCorrupt, "artefact does not load: " + Message(*error)};
  parts->module.reset(module);
  return Link(engine, std::move(parts));
#else
  struct stat status{};
  if (fstat(artefact.get(), &status) != 0 || status.st_size <= 0) {
    return Error{ErrorCode::kCorrupt, "artefact cannot be read"};
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* mapped = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, artefact.get(), 0);
  if (mapped == MAP_FAILED) return Error{ErrorCode::kCorrupt, "artefact cannot be mapped"};
  auto program = Load(engine, ByteView(static_cast<const std::byte*>(mapped), size));
  munmap(mapped, size);
  return program;
#endif
}

Result<Program> Program::Link(const Engine& engine, std::unique_ptr<Parts> parts) {
  parts->engine = engine.get();
  parts->linker.reset(wasmtime_linker_new(engine.get()));
  PLASM_TRY_VOID(DefineWasi(*parts->linker));
  wasmtime_instance_pre_t* instance_pre = nullptr;
  const ErrorHandle error(
      wasmtime_linker_instantiate_pre(parts->linker.get(), parts->module.get(), &instance_pre));
  if (error) return Error{ErrorCode::kInvalid, "module does not link: " + Message(*error)};
  parts->instance_pre.reset(instance_pre);
  return Program(std::move(parts));
}

RunResult Program::Run(const RunLimits& limits, wasi::Host& host) const {
  RunResult result;
  RunState state;
  state.host = &host;
  const StoreHandle store(wasmtime_store_new(parts_->engine, &state, nullptr));
  wasmtime_store_limiter(store.get(), static_cast<std::int64_t>(limits.memory_bytes),
                         limits.table_elements, 1, -1, 1);
  wasmtime_context_t* context = wasmtime_store_context(store.get());
  ErrorHandle error(wasmtime_context_set_fuel(context, limits.fuel));
  if (error) {
    result.message = Message(*error);
    return result;
  }

  wasmtime_instance_t instance;
  wasm_trap_t* raw_trap = nullptr;
  error.reset(
      wasmtime_instance_pre_instantiate(parts_->instance_pre.get(), context, &instance, &raw_trap));
  TrapHandle trap(raw_trap);
  if (!error && !trap) {
    wasmtime_extern_t start;
    if (!wasmtime_instance_export_get(context, &instance, "_start", 6, &start) ||
        start.kind != WASMTIME_EXTERN_FUNC) {
      result.message = "artefact has no function _start";
      return result;
    }
    error.reset(wasmtime_func_call_unchecked(context, &start.of.func, nullptr, 0, &raw_trap));
    trap.reset(raw_trap);
    wasmtime_extern_delete(&start);
  }
  Conclude(result, state, error.get(), trap.get());

  std::uint64_t remaining = 0;
  error.reset(wasmtime_context_get_fuel(context, &remaining));
  result.fuel_used = limits.fuel - remaining;
  return result;
}

}  // namespace plasm::sandbox
