#include "receipt/sentence.h"

#include "base/one_line.h"

namespace plasm::receipt {

std::string Sentence(std::string_view text, std::size_t max_bytes) {
  std::string line = OneLine(text.substr(0, max_bytes));
  if (line.size() > max_bytes) {  // what is not UTF-8 has grown: cut between two characters
    std::size_t end = max_bytes;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xc0) == 0x80) --end;
    line.resize(end);
  }
  return line.empty() ? "no reason is known" : line;
}

}  // namespace plasm::receipt
