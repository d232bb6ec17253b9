// Manifests v0.1: what is accepted is in range and survives the way there and back.
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "expect.h"
#include "receipt/manifest_v01.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const auto manifest = receipt::ParseManifestV01(std::as_bytes(std::span(data, size)));
  if (!manifest) return 0;
  FUZZ_EXPECT(receipt::CheckManifestV01(*manifest).has_value());
  const auto again = receipt::ParseManifestV01(
      AsBytes(receipt::SerializeManifestV01(*manifest, JsonStyle::kCompact)));
  FUZZ_EXPECT(again.has_value() && *again == *manifest);
  return 0;
}
