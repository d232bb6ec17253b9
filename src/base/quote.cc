#include "base/quote.h"

#include "base/bytes.h"
#include "base/hex.h"

namespace plasm {

std::string Quote(std::string_view text) {
  constexpr std::size_t kMaxShown = 64;
  const bool cut = text.size() > kMaxShown;
  if (cut) text = text.substr(0, kMaxShown);
  std::string quoted = "\"";
  for (const char& c : text) {
    if (c == '"' || c == '\\') {
      quoted += {'\\', c};
    } else if (c >= 0x20 && c <= 0x7e) {
      quoted += c;
    } else {
      quoted += "\\x" + EncodeHex(AsBytes({&c, 1}));
    }
  }
  quoted += cut ? "\"..." : "\"";
  return quoted;
}

}  // namespace plasm
