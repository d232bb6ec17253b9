#include "net/response_head.h"

#include <algorithm>

#include "base/quote.h"
#include "net/field_syntax.h"

namespace plasm::net {
namespace {

Error Corrupt(std::string what) { return {ErrorCode::kCorrupt, "response: " + std::move(what)}; }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "HTTP/1.1 200 OK"; the blank before the reason is there even when the reason is not.
Result<void> ParseStatusLine(std::string_view line, ResponseHead& head) {
  const bool http_1_0 = line.starts_with("HTTP/1.0 ");
  if ((!http_1_0 && !line.starts_with("HTTP/1.1 ")) || line.size() < 13 || line[12] != ' ' ||
      !std::ranges::all_of(line.substr(9, 3), IsDigit) || line[9] == '0' || line[9] > '5' ||
      !IsFieldValue(line)) {
    return Corrupt("status line " + Quote(line) + ": expected one like \"HTTP/1.1 200 OK\"");
  }
  head.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  head.keep_alive = !http_1_0;
  return {};
}

Result<void> DecideFraming(std::string_view request_method, ResponseHead& head) {
  std::size_t lengths = 0;
  std::size_t encodings = 0;
  for (const auto& [name, value] : head.fields) {
    lengths += name == "content-length";
    encodings += name == "transfer-encoding";
    if (name == "connection" && ListHas(value, "close")) head.keep_alive = false;
  }
  if (lengths > 1 || encodings > 1 || (lengths > 0 && encodings > 0)) {
    return Corrupt("the end of its body is in doubt: found " + std::to_string(lengths) +
                   " Content-Length and " + std::to_string(encodings) + " Transfer-Encoding");
  }
  if (lengths == 1) {
    const auto length = ParseContentLength(*head.Header("content-length"));
    if (!length) {
      return Corrupt("Content-Length " + Quote(*head.Header("content-length")) +
                     ": expected a decimal number below 2^63");
    }
    head.length = *length;
  }
  if (encodings == 1 && !EqualsIgnoringCase(*head.Header("transfer-encoding"), "chunked")) {
    return Corrupt("Transfer-Encoding " + Quote(*head.Header("transfer-encoding")) +
                   ": expected \"chunked\"");
  }
  if (request_method == "HEAD" || head.status < 200 || head.status == 204 || head.status == 304) {
    head.framing = ResponseHead::Framing::kNone;
  } else if (encodings == 1) {
    head.framing = ResponseHead::Framing::kChunked;
  } else if (lengths == 1) {
    head.framing = ResponseHead::Framing::kLength;
  } else {
    head.framing = ResponseHead::Framing::kUntilClose;
    head.keep_alive = false;
  }
  return {};
}

}  // namespace

std::optional<std::string_view> ResponseHead::Header(std::string_view name) const {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return std::nullopt;
}

Result<std::optional<std::pair<ResponseHead, std::size_t>>> ParseResponseHead(
    std::string_view stream, std::string_view request_method, std::size_t max_bytes) {
  using Outcome = std::optional<std::pair<ResponseHead, std::size_t>>;
  const std::size_t end = stream.find("\r\n\r\n");
  const std::size_t size = end == std::string_view::npos ? stream.size() : end + 4;
  if (size > max_bytes) {
    return Error{ErrorCode::kLimitExceeded,
                 "response head: longer than " + std::to_string(max_bytes) + " bytes"};
  }
  if (end == std::string_view::npos) return Outcome();
  ResponseHead head;
  std::string_view rest = stream.substr(0, end + 2);
  for (bool first = true; !rest.empty(); first = false) {
    const std::size_t line_end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, line_end);
    rest.remove_prefix(line_end + 2);
    if (first) {
      PLASM_TRY_VOID(ParseStatusLine(line, head));
      continue;
    }
    const auto field = ParseFieldLine(line);
    if (!field) return Corrupt("header " + Quote(line) + ": expected Name: value");
    std::string name(field->name);
    std::ranges::transform(name, name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    head.fields.emplace_back(std::move(name), field->value);
  }
  PLASM_TRY_VOID(DecideFraming(request_method, head));
  return Outcome(std::pair(std::move(head), size));
}

}  // namespace plasm::net
