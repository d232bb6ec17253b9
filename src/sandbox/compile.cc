#include "sandbox/compile.h"

#include <string>
#include <string_view>

#include "base/quote.h"
#include "sandbox/handles.h"
#include "sandbox/module_bytes.h"
#include "sandbox/wasi_binding.h"

namespace plasm::sandbox {
namespace {

std::string_view View(const wasm_name_t* name) { return {name->data, name->size}; }

bool SameType(const wasm_functype_t* type, std::string_view params, bool returns) {
  const auto* given = wasm_functype_params(type);
  if (given->size != params.size()) return false;
  for (std::size_t i = 0; i < params.size(); ++i) {
    if (wasm_valtype_kind(given->data[i]) != (params[i] == 'I' ? WASM_I64 : WASM_I32)) return false;
  }
  const auto* results = wasm_functype_results(type);
  return results->size == (returns ? 1u : 0u) &&
         (!returns || wasm_valtype_kind(results->data[0]) == WASM_I32);
}

Result<void> CheckImport(const wasm_importtype_t& import) {
  const std::string_view module = View(wasm_importtype_module(&import));
  const std::string_view name = View(wasm_importtype_name(&import));
  const std::string named = "module imports " + Quote(module) + " " + Quote(name);
  const wasi::Call* call = module == kWasiModule ? FindCall(name) : nullptr;
  if (call == nullptr) {
    return Error{ErrorCode::kInvalid,
                 named + ", which Plasm does not provide (it provides wasi_snapshot_preview1)"};
  }
  const wasm_externtype_t* type = wasm_importtype_type(&import);
  if (wasm_externtype_kind(type) != WASM_EXTERN_FUNC ||
      !SameType(wasm_externtype_as_functype_const(type), call->params, call->returns)) {
    return Error{ErrorCode::kInvalid, named + " with a type that WASI preview1 does not give it"};
  }
  return {};
}

Result<void> CheckImports(const wasmtime_module_t& module) {
  wasm_importtype_vec_t imports;
  wasmtime_module_imports(&module, &imports);
  Result<void> result;
  for (std::size_t i = 0; i < imports.size && result; ++i) result = CheckImport(*imports.data[i]);
  wasm_importtype_vec_delete(&imports);
  return result;
}

Result<void> CheckExports(const wasmtime_module_t& module) {
  wasm_exporttype_vec_t exports;
  wasmtime_module_exports(&module, &exports);
  bool start = false;
  bool reactor = false;
  for (std::size_t i = 0; i < exports.size; ++i) {
    const std::string_view name = View(wasm_exporttype_name(exports.data[i]));
    const wasm_externtype_t* type = wasm_exporttype_type(exports.data[i]);
    if (name == "_initialize") reactor = true;
    if (name == "_start" && wasm_externtype_kind(type) == WASM_EXTERN_FUNC) {
      start = SameType(wasm_externtype_as_functype_const(type), "", false);
    }
  }
  wasm_exporttype_vec_delete(&exports);
  if (start) return {};
  if (reactor) {
    return Error{ErrorCode::kInvalid,
                 "this is a reactor module (it exports _initialize and no _start): there is no "
                 "program in it to run"};
  }
  return Error{ErrorCode::kInvalid,
               "module does not export a function _start without parameters and results: it is "
               "not a WASI program"};
}

}  // namespace

Result<Bytes> Compile(const Engine& engine, ByteView module_bytes) {
  PLASM_TRY_VOID(CheckModuleBytes(module_bytes));
  wasmtime_module_t* raw = nullptr;
  ErrorHandle error(wasmtime_module_new(engine.get(),
                                        reinterpret_cast<const std::uint8_t*>(module_bytes.data()),
                                        module_bytes.size(), &raw));
  if (error) return Error{ErrorCode::kInvalid, "module is not valid: " + Message(*error)};
  const ModuleHandle module(raw);
  PLASM_TRY_VOID(CheckImports(*module));
  PLASM_TRY_VOID(CheckExports(*module));

  wasm_byte_vec_t artefact;
  error.reset(wasmtime_module_serialize(module.get(), &artefact));
  if (error) return Error{ErrorCode::kInternal, "artefact: " + Message(*error)};
  const ByteView view = std::as_bytes(std::span(artefact.data, artefact.size));
  Bytes bytes(view.begin(), view.end());
  wasm_byte_vec_delete(&artefact);
  return bytes;
}

}  // namespace plasm::sandbox
