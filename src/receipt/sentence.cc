#include "receipt/sentence.h"

#include "base/bytes.h"
#include "base/utf8.h"

namespace plasm::receipt {

std::string Sentence(std::string_view text, std::size_t max_bytes) {
  const std::string whole = ToUtf8Lossy(AsBytes(text.substr(0, max_bytes)));
  std::string line;
  for (std::size_t i = 0; i < whole.size();) {
    const auto first = static_cast<unsigned char>(whole[i]);
    std::size_t size = 1;
    while (i + size < whole.size() &&
           (static_cast<unsigned char>(whole[i + size]) & 0xc0) == 0x80) {
      ++size;
    }
    // U+0080 to U+009F begin with 0xc2 and go on below 0xa0.
    const bool is_c1 = first == 0xc2 && static_cast<unsigned char>(whole[i + 1]) < 0xa0;
    const std::string_view shown = first < 0x20 || first == 0x7f || is_c1
                                       ? std::string_view(" ")
                                       : std::string_view(whole).substr(i, size);
    // What is not UTF-8 has grown: the end may not fit any more.
    if (line.size() + shown.size() > max_bytes) break;
    line += shown;
    i += size;
  }
  return line.empty() ? "no reason is known" : line;
}

}  // namespace plasm::receipt
