#include "receipt/engine_configuration.h"

#include <string>

#include "base/bytes.h"

namespace plasm::receipt {

Sha256Digest EngineConfiguration(std::string_view wasmtime_version) {
  std::string text = "urn:plasm:engine:v1\nwasmtime ";
  text.append(wasmtime_version);
  text.append(
      "\n"
      "fuel on\n"
      "nan canonical\n"
      "memory-image copy-on-write\n"
      "stack 1048576\n"
      "tables 1048576\n"
      "proposals bulk-memory multi-value mutable-global reference-types "
      "saturating-float-to-int sign-extension simd tail-call\n");
  return Sha256Of(AsBytes(text));
}

}  // namespace plasm::receipt
