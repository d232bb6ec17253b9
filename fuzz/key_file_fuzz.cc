// Key files: what is accepted is what we would have written.
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"
#include "crypto/pkcs8.h"
#include "expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const ByteView bytes = std::as_bytes(std::span(data, size));
  const auto key = crypto::ParsePkcs8Pem(bytes);
  if (!key) return 0;
  crypto::Pkcs8Pem pem;
  crypto::WritePkcs8Pem(*key, pem);
  std::string text(AsText(bytes));
  if (!text.ends_with('\n')) text += '\n';
  FUZZ_EXPECT(AsText(pem.bytes) == text);
  return 0;
}
