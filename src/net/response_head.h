// The head of a response: parsed once, strictly (RFC 9112). Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace plasm::net {

struct ResponseHead {
  enum class Framing { kNone, kLength, kChunked, kUntilClose };

  int status = 0;
  std::vector<std::pair<std::string, std::string>> fields;  // names in lower case
  Framing framing = Framing::kNone;
  std::uint64_t length = 0;  // for kLength
  bool keep_alive = true;

  // `name` in lower case. The first of several.
  std::optional<std::string_view> Header(std::string_view name) const;
};

// The head at the front of the stream and its size; empty when more bytes are needed. A HEAD
// request and the statuses 1xx, 204 and 304 have no body whatever the head says. kCorrupt for
// what is not HTTP/1.0 or 1.1 or leaves the end of the body in doubt, kLimitExceeded beyond
// `max_bytes`.
Result<std::optional<std::pair<ResponseHead, std::size_t>>> ParseResponseHead(
    std::string_view stream, std::string_view request_method, std::size_t max_bytes);

}  // namespace plasm::net
