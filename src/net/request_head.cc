#include "net/request_head.h"

#include <algorithm>

#include "base/quote.h"
#include "net/field_syntax.h"
#include "net/request_target.h"

namespace plasm::net {

std::optional<std::string_view> RequestHead::Query(std::string_view name) const {
  for (const auto& [key, value] : query_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

Result<std::optional<std::string_view>> RequestHead::Header(std::string_view name) const {
  std::optional<std::string_view> found;
  for (const HeadField& field : fields_) {
    if (!EqualsIgnoringCase(field.name, name)) continue;
    if (found) {
      return Error{ErrorCode::kInvalid, "header " + std::string(name) + ": given twice"};
    }
    found = field.value;
  }
  return found;
}

std::optional<std::uint64_t> RequestHead::body_length() const {
  if (framing_ == BodyFraming::kChunked) return std::nullopt;
  return length_;
}

namespace {

// Whether every CR has its LF and every LF its CR, from that byte on; the last may still come.
bool LinesEndProperly(std::string_view text, std::size_t from) {
  for (std::size_t i = from; i < text.size(); ++i) {
    if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) return false;
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] != '\n') return false;
  }
  return true;
}

}  // namespace

// Fills in a head step by step. Each step says whether to go on; if not, refusal_ is set.
class HeadParser {
 public:
  HeadParser(const HeadLimits& limits, HeadOutcome& outcome)
      : limits_(limits), outcome_(outcome), head_(outcome.head) {}

  // `text` ends with the empty line, and its lines end properly.
  void Parse(std::string_view text) {
    head_.text_.assign(text.begin(), text.end());
    std::string_view rest(head_.text_.data(), head_.text_.size());
    if (!TakeRequestLine(NextLine(rest))) return;
    while (true) {
      const std::string_view line = NextLine(rest);
      if (line.empty()) break;
      if (!TakeField(line)) return;
    }
    if (!CheckHost() || !DecideFraming() || !TakeExpectation()) return;
    head_.keep_alive_ = !head_.http_1_0_ && !Any("connection", "close");
    outcome_.kind = HeadOutcome::Kind::kComplete;
    outcome_.size = text.size();
  }

  bool Refuse(int status, std::string detail) {
    outcome_.kind = HeadOutcome::Kind::kRefused;
    outcome_.refusal = {status, std::move(detail)};
    return false;
  }

 private:
  static std::string_view NextLine(std::string_view& rest) {
    const std::size_t end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    return line;
  }

  bool TakeRequestLine(std::string_view line) {
    if (line.size() > limits_.request_line_bytes) return RefuseLongLine();
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) {
      return Refuse(400, "request line " + Quote(line) + ": expected METHOD /path HTTP/1.1");
    }
    head_.method_ = line.substr(0, first);
    head_.target_ = line.substr(first + 1, last - first - 1);
    const std::string_view version = line.substr(last + 1);
    if (head_.method_.size() > 32 || !IsToken(head_.method_)) {
      return Refuse(400, "request method " + Quote(head_.method_) + ": expected a name like GET");
    }
    if (version == "HTTP/1.0") {
      head_.http_1_0_ = true;
    } else if (version != "HTTP/1.1") {
      const bool http = version.starts_with("HTTP/");
      return Refuse(http ? 505 : 400, "protocol " + Quote(version) + ": expected HTTP/1.1");
    }
    auto target = ParseRequestTarget(head_.target_, limits_.query_parameters);
    if (!target) return Refuse(400, std::move(target).error().message);
    head_.path_ = std::move(target->path);
    head_.segments_ = std::move(target->segments);
    head_.query_ = std::move(target->query);
    return true;
  }

  bool RefuseLongLine() {
    return Refuse(
        414, "request line: longer than " + std::to_string(limits_.request_line_bytes) + " bytes");
  }

  bool TakeField(std::string_view line) {
    const auto field = ParseFieldLine(line);
    if (!field) return Refuse(400, "header " + Quote(line) + ": expected Name: value");
    if (head_.fields_.size() == limits_.fields) {
      return Refuse(431, "request head: more than " + std::to_string(limits_.fields) + " headers");
    }
    head_.fields_.push_back({field->name, field->value});
    return true;
  }

  std::size_t Count(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        head_.fields_, [&](const HeadField& f) { return EqualsIgnoringCase(f.name, name); }));
  }

  bool Any(std::string_view name, std::string_view member) const {
    return std::ranges::any_of(head_.fields_, [&](const HeadField& field) {
      return EqualsIgnoringCase(field.name, name) && ListHas(field.value, member);
    });
  }

  std::string_view Only(std::string_view name) const {
    return head_.Header(name)->value_or(std::string_view());
  }

  bool CheckHost() {
    const std::size_t hosts = Count("host");
    if (hosts == 1 || (hosts == 0 && head_.http_1_0_)) return true;
    return Refuse(400, "header Host: expected exactly one, found " + std::to_string(hosts));
  }

  // RFC 9112 section 6.3, without the forms that are recovered from: those are how requests are
  // smuggled past whoever reads them differently.
  bool DecideFraming() {
    const std::size_t lengths = Count("content-length");
    const std::size_t encodings = Count("transfer-encoding");
    if (encodings > 0) {
      if (lengths > 0) return Refuse(400, "both Content-Length and Transfer-Encoding");
      if (head_.http_1_0_) return Refuse(400, "Transfer-Encoding in HTTP/1.0");
      if (encodings > 1 || !EqualsIgnoringCase(Only("transfer-encoding"), "chunked")) {
        return Refuse(encodings > 1 ? 400 : 501, "header Transfer-Encoding: expected \"chunked\"");
      }
      head_.framing_ = BodyFraming::kChunked;
      return true;
    }
    if (lengths == 0) return true;
    if (lengths > 1) return Refuse(400, "header Content-Length: given twice");
    const auto length = ParseContentLength(Only("content-length"));
    if (!length) {
      return Refuse(400, "header Content-Length " + Quote(Only("content-length")) +
                             ": expected a decimal number below 2^63");
    }
    head_.length_ = *length;
    if (*length > 0) head_.framing_ = BodyFraming::kLength;
    return true;
  }

  bool TakeExpectation() {
    const std::size_t expectations = Count("expect");
    if (expectations == 0) return true;
    if (expectations > 1 || !EqualsIgnoringCase(Only("expect"), "100-continue")) {
      return Refuse(417, "header Expect: expected \"100-continue\"");
    }
    head_.expects_continue_ = !head_.http_1_0_ && head_.framing_ != BodyFraming::kNone;
    return true;
  }

  const HeadLimits& limits_;
  HeadOutcome& outcome_;
  RequestHead& head_;
};

HeadOutcome ParseRequestHead(std::string_view stream, const HeadLimits& limits,
                             std::size_t scanned) {
  HeadOutcome outcome;
  HeadParser parser(limits, outcome);
  // What can't be a method is no HTTP, and may never send an empty line: a TLS handshake, say.
  if (!stream.empty() && !IsTokenChar(stream.front())) {
    parser.Refuse(400, "request line " + Quote(stream.substr(0, 16)) + ": expected a method");
    return outcome;
  }
  constexpr std::string_view kEnd = "\r\n\r\n";
  const std::size_t from = scanned < kEnd.size() ? 0 : scanned - (kEnd.size() - 1);
  const std::size_t end = stream.find(kEnd, from);
  const bool whole = end != std::string_view::npos;
  const std::size_t size = whole ? end + kEnd.size() : stream.size();
  const std::size_t line_end = stream.substr(0, limits.request_line_bytes + 2).find("\r\n");
  if (line_end == std::string_view::npos && stream.size() > limits.request_line_bytes + 1) {
    parser.Refuse(
        414, "request line: longer than " + std::to_string(limits.request_line_bytes) + " bytes");
  } else if (size > limits.bytes || (!whole && size == limits.bytes)) {
    parser.Refuse(431, "request head: longer than " + std::to_string(limits.bytes) + " bytes");
  } else if (!LinesEndProperly(stream.substr(0, size), scanned == 0 ? 0 : scanned - 1)) {
    parser.Refuse(400, "request head: a line does not end in CR LF");
  } else if (whole) {
    parser.Parse(stream.substr(0, size));
  }
  return outcome;
}

}  // namespace plasm::net
