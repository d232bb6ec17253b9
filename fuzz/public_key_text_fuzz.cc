// Public keys as text: what is accepted is what we would have written.
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"
#include "crypto/public_key_text.h"
#include "expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const std::string text(AsText(std::as_bytes(std::span(data, size))));
  if (const auto key = crypto::FromPem(text)) {
    FUZZ_EXPECT(crypto::ToPem(*key) == (text.ends_with('\n') ? text : text + "\n"));
    FUZZ_EXPECT(crypto::IsFingerprint(crypto::Fingerprint(*key)));
  }
  if (const auto key = crypto::FromOpenSsh(text)) FUZZ_EXPECT(crypto::ToOpenSsh(*key) == text);
  // Either the whole form or none of it.
  if (crypto::IsFingerprint(text)) FUZZ_EXPECT(text.size() == 50 && text.starts_with("SHA256:"));
  return 0;
}
