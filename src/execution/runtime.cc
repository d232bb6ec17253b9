#include "execution/runtime.h"

#include <string>

#include "receipt/engine_configuration.h"

namespace plasm::execution {
namespace {

constexpr std::string_view kArch =
#if defined(__x86_64__)
    "x86_64";
#elif defined(__aarch64__)
    "aarch64";
#else
#error "name the architecture of this machine"
#endif

}  // namespace

std::string_view MachineArch() { return kArch; }

receipt::Runtime RuntimeOf(std::string_view engine_version, worker::Target target,
                           receipt::Profile profile) {
  return {.engine = "wasmtime",
          .version = std::string(engine_version),
          .target = target == worker::Target::kPulley ? "pulley64" : std::string(kArch) + "-linux",
          .configuration = receipt::EngineConfiguration(engine_version),
          .profile = profile};
}

}  // namespace plasm::execution
