// Parts of a blob, as HTTP names them (RFC 9110 section 14): parsed strictly. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plasm::api {

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;  // at least 1

  friend bool operator==(const ByteRange&, const ByteRange&) = default;

  // "bytes 0-99/1000".
  std::string ToContentRange(std::uint64_t size) const;
};

// The header Range over contents of this size: "bytes=0-99", "bytes=100-", "bytes=-100". kInvalid
// for anything else, several ranges included. Nothing when it can't be satisfied, because it
// begins at the end or behind it.
Result<std::optional<ByteRange>> ParseRange(std::string_view text, std::uint64_t size);

// A piece of an upload.
struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;  // at least 1
  std::uint64_t size = 0;    // of the whole, at most 2^63 - 1

  friend bool operator==(const ContentRange&, const ContentRange&) = default;

  bool IsLast() const { return first + length == size; }

  // The header Content-Range: "bytes 0-99/1000". kInvalid for anything else, and for a piece that
  // is not inside the whole.
  static Result<ContentRange> Parse(std::string_view text);
};

}  // namespace plasm::api
