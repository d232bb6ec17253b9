#include "guest.h"

#include <cstdio>
#include <cstdlib>

#include "base/file.h"
#include "sandbox/compile.h"
#include "sandbox/engine.h"
#include "worker/supervisor/inputs.h"

namespace plasm::bench {

void Fail(std::string_view why) {
  std::fprintf(stderr, "bench: %.*s\n", static_cast<int>(why.size()), why.data());
  std::_Exit(1);
}

std::filesystem::path GuestPath() {
  const auto original =
      std::filesystem::path(PLASM_SHARED_DIR) / "conformance" / "original-hello.wasm";
  if (std::filesystem::exists(original)) return original;
  return std::filesystem::path(PLASM_SOURCE_DIR) / "examples" / "hello.wasm";
}

const Bytes& Artefact() {
  static const Bytes artefact = [] {
    const auto module = ReadFile(GuestPath(), std::size_t{1} << 24);
    if (!module) Fail(module.error().message);
    const auto engine = sandbox::Engine::Create({.allocation = sandbox::Allocation::kOnDemand});
    if (!engine) Fail(engine.error().message);
    auto compiled = sandbox::Compile(*engine, *module);
    if (!compiled) Fail(compiled.error().message);
    return *std::move(compiled);
  }();
  return artefact;
}

UniqueFd ArtefactFile() {
  auto file = worker::SealedMemory("bench-artefact", Artefact());
  if (!file) Fail(file.error().message);
  return *std::move(file);
}

}  // namespace plasm::bench
