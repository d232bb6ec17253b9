// Manifests v1: what is accepted is the same after the way there and back.
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "expect.h"
#include "receipt/manifest_v1.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const auto manifest = receipt::ParseManifest(std::as_bytes(std::span(data, size)));
  if (!manifest) {
    FUZZ_EXPECT(manifest.error().message.starts_with("manifest"));
    return 0;
  }
  FUZZ_EXPECT(manifest->limits.fuel <= receipt::Limits::kMaxFuel);
  const std::string json = receipt::SerializeManifest(*manifest);
  const auto again = receipt::ParseManifest(AsBytes(json));
  FUZZ_EXPECT(again.has_value() && *again == *manifest);
  FUZZ_EXPECT(receipt::SerializeManifest(*again) == json);
  return 0;
}
