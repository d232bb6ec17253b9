#include "execution/runtime.h"

#include <string>

#include "receipt/engine_configuration.h"

namespace plasm::execution {
namespace {

constexpr const char* kNativeTarget =
#if defined(__x86_64__)
    "x86_64-linux";
#elif defined(__aarch64__)
    "aarch64-linux";
#else
#error "name the target of this machine"
#endif

}  // namespace

receipt::Runtime RuntimeOf(std::string_view engine_version, worker::Target target,
                           receipt::Profile profile) {
  return {.engine = "wasmtime",
          .version = std::string(engine_version),
          .target = target == worker::Target::kPulley ? "pulley64" : kNativeTarget,
          .configuration = receipt::EngineConfiguration(engine_version),
          .profile = profile};
}

}  // namespace plasm::execution
