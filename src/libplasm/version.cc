#include <plasm/version.h>

namespace plasm::v0 {

const char* Version() noexcept { return PLASM_VERSION_STRING; }

const char* EngineVersion() noexcept { return "wasmtime-" PLASM_ENGINE_VERSION; }

}  // namespace plasm::v0
