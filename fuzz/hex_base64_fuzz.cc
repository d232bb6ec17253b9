// Text codecs: whatever is accepted is the one spelling of its bytes, and every sequence of
// bytes survives the way there and back.
#include <cstdint>
#include <span>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/hex.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const ByteView bytes = std::as_bytes(std::span(data, size));
  const std::string_view text = AsText(bytes);

  if (const auto decoded = DecodeHex(text)) FUZZ_EXPECT(EncodeHex(*decoded) == text);
  if (const auto decoded = DecodeBase64(text)) FUZZ_EXPECT(EncodeBase64(*decoded) == text);

  const Bytes original(bytes.begin(), bytes.end());
  FUZZ_EXPECT(*DecodeHex(EncodeHex(bytes)) == original);
  FUZZ_EXPECT(*DecodeBase64(EncodeBase64(bytes)) == original);

  const std::string lossy = ToUtf8Lossy(bytes);
  FUZZ_EXPECT(IsValidUtf8(AsBytes(lossy)));
  FUZZ_EXPECT(IsValidUtf8(bytes) == (lossy == text));

  for (const char c : Quote(text)) FUZZ_EXPECT(c >= 0x20 && c <= 0x7e);
  return 0;
}
