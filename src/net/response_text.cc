#include "net/response_text.h"

#include "net/field_syntax.h"
#include "net/problem.h"

namespace plasm::net {

ResponseText::ResponseText(int status, std::string_view date) {
  text_.reserve(512);
  text_ += "HTTP/1.1 ";
  text_ += std::to_string(status);
  text_ += ' ';
  text_ += ReasonOf(status);
  Add("\r\nDate", date);
}

bool ResponseText::MayAdd(std::string_view name, std::string_view value) {
  for (const std::string_view own : {"content-length", "transfer-encoding", "connection", "date"}) {
    if (EqualsIgnoringCase(name, own)) return false;
  }
  return IsToken(name) && IsFieldValue(value);
}

void ResponseText::Add(std::string_view name, std::string_view value) {
  text_ += name;
  text_ += ": ";
  text_ += value;
  text_ += "\r\n";
}

void ResponseText::EndWithLength(std::uint64_t length) {
  Add("Content-Length", std::to_string(length));
  End();
}

void ResponseText::EndWithChunks() {
  Add("Transfer-Encoding", "chunked");
  End();
}

void ResponseText::End() { text_ += "\r\n"; }

}  // namespace plasm::net
