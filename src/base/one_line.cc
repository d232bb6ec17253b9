#include "base/one_line.h"

#include "base/utf8.h"

namespace plasm {

std::string OneLine(std::string_view text) {
  std::string line;
  const std::string valid = ToUtf8Lossy(AsBytes(text));
  line.reserve(valid.size());
  for (std::size_t i = 0; i < valid.size(); ++i) {
    const auto byte = static_cast<unsigned char>(valid[i]);
    // U+0080 to U+009F have two bytes, the first of which stands for nothing else below U+00A0.
    const bool two_bytes = byte == 0xc2 && static_cast<unsigned char>(valid[i + 1]) < 0xa0;
    line += two_bytes || byte < 0x20 || byte == 0x7f ? ' ' : valid[i];
    if (two_bytes) ++i;
  }
  return line;
}

}  // namespace plasm
