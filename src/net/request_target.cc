#include "net/request_target.h"

#include <algorithm>
#include <optional>

#include "base/quote.h"
#include "base/text_form.h"

namespace plasm::net {
namespace {

bool IsUnreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// pchar of RFC 3986 without '%', which is looked at apart; a query may have '/' and '?' too.
bool IsPathChar(char c) {
  return IsUnreserved(c) || std::string_view("!$&'()*+,;=:@").find(c) != std::string_view::npos;
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Error Invalid(std::string_view what, std::string_view text, std::string_view why) {
  return {ErrorCode::kInvalid, std::string(what) + " " + Quote(text) + ": " + std::string(why)};
}

enum class Part { kSegment, kQuery };

Result<std::string> Decode(std::string_view text, Part part) {
  const char* what = part == Part::kSegment ? "path segment" : "query";
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      const int high = i + 1 < text.size() ? HexValue(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexValue(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return Invalid(what, text, "'%' is not followed by two hexadecimal digits");
      }
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else if (part == Part::kQuery && c == '+') {
      decoded += ' ';
    } else if (IsPathChar(c) || (part == Part::kQuery && (c == '/' || c == '?'))) {
      decoded += c;
    } else {
      return Invalid(what, text, "has a character that must be percent-encoded");
    }
  }
  if (!IsPlainText(decoded)) {
    return Invalid(what, text, "expected UTF-8 without control characters");
  }
  return decoded;
}

Result<void> ParsePath(std::string_view path, RequestTarget& target) {
  if (!path.starts_with('/')) return Invalid("request target", path, "expected a path");
  target.path = "/";
  if (path.size() == 1) return {};
  for (std::string_view rest = path.substr(1);;) {
    const std::size_t slash = rest.find('/');
    const std::string_view raw = rest.substr(0, slash);
    if (raw.empty()) return Invalid("path", path, "has an empty segment");
    PLASM_TRY(std::string segment, Decode(raw, Part::kSegment));
    if (segment == "." || segment == ".." || segment.find('/') != std::string::npos) {
      return Invalid("path segment", raw, "expected a name");
    }
    if (!target.segments.empty()) target.path += '/';
    target.path += segment;
    target.segments.push_back(std::move(segment));
    if (slash == std::string_view::npos) return {};
    rest.remove_prefix(slash + 1);
  }
}

Result<void> ParseQuery(std::string_view query, std::size_t max_parameters, RequestTarget& target) {
  while (true) {
    const std::size_t end = query.find('&');
    const std::string_view parameter = query.substr(0, end);
    const std::size_t equals = parameter.find('=');
    PLASM_TRY(std::string name, Decode(parameter.substr(0, equals), Part::kQuery));
    std::string value;
    if (equals != std::string_view::npos) {
      PLASM_TRY(value, Decode(parameter.substr(equals + 1), Part::kQuery));
    }
    if (name.empty()) return Invalid("query", parameter, "expected name=value");
    const bool known =
        std::ranges::any_of(target.query, [&](const auto& other) { return other.first == name; });
    if (known) return Invalid("query parameter", name, "given twice");
    if (target.query.size() == max_parameters) {
      return Error{ErrorCode::kInvalid,
                   "query: more than " + std::to_string(max_parameters) + " parameters"};
    }
    target.query.emplace_back(std::move(name), std::move(value));
    if (end == std::string_view::npos) return {};
    query.remove_prefix(end + 1);
  }
}

}  // namespace

Result<RequestTarget> ParseRequestTarget(std::string_view text, std::size_t max_parameters) {
  RequestTarget target;
  const std::size_t mark = text.find('?');
  PLASM_TRY_VOID(ParsePath(text.substr(0, mark), target));
  if (mark != std::string_view::npos && mark + 1 < text.size()) {
    PLASM_TRY_VOID(ParseQuery(text.substr(mark + 1), max_parameters, target));
  }
  return target;
}

std::string PercentEncode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (IsUnreserved(c)) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return encoded;
}

}  // namespace plasm::net
