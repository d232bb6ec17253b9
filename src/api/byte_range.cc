#include "api/byte_range.h"

#include <algorithm>

#include "base/decimal.h"
#include "base/quote.h"

namespace plasm::api {
namespace {

constexpr std::uint64_t kMaxSize = INT64_MAX;

Result<std::uint64_t> ParsePlace(std::string_view text) {
  PLASM_TRY(const std::uint64_t place, ParseDecimal(text));
  if (place <= kMaxSize) return place;
  return Error{ErrorCode::kInvalid, "too large"};
}

Error WrongRange(std::string_view text) {
  return {ErrorCode::kInvalid, "Range: found " + Quote(text) +
                                   ", expected one range: bytes=0-99, bytes=100- or bytes=-100"};
}

}  // namespace

std::string ByteRange::ToContentRange(std::uint64_t size) const {
  return "bytes " + std::to_string(first) + "-" + std::to_string(first + length - 1) + "/" +
         std::to_string(size);
}

Result<std::optional<ByteRange>> ParseRange(std::string_view text, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  const std::size_t dash = text.find('-');
  if (!text.starts_with(kUnit) || dash == std::string_view::npos || dash < kUnit.size()) {
    return WrongRange(text);
  }
  const std::string_view from = text.substr(kUnit.size(), dash - kUnit.size());
  const std::string_view to = text.substr(dash + 1);
  using Satisfied = std::optional<ByteRange>;
  if (from.empty()) {
    const auto last = ParsePlace(to);
    if (!last) return WrongRange(text);
    const std::uint64_t length = std::min(*last, size);
    return length == 0 ? Satisfied() : ByteRange{size - length, length};
  }
  const auto first = ParsePlace(from);
  const auto last = to.empty() ? Result<std::uint64_t>(kMaxSize) : ParsePlace(to);
  if (!first || !last || *last < *first) return WrongRange(text);
  if (*first >= size) return Satisfied();
  return Satisfied(ByteRange{*first, std::min(*last, size - 1) - *first + 1});
}

Result<ContentRange> ContentRange::Parse(std::string_view text) {
  constexpr std::string_view kUnit = "bytes ";
  const std::size_t dash = text.find('-');
  const std::size_t slash = text.find('/');
  if (text.starts_with(kUnit) && dash != std::string_view::npos &&
      slash != std::string_view::npos && dash < slash) {
    const auto first = ParsePlace(text.substr(kUnit.size(), dash - kUnit.size()));
    const auto last = ParsePlace(text.substr(dash + 1, slash - dash - 1));
    const auto size = ParsePlace(text.substr(slash + 1));
    if (first && last && size && *first <= *last && *last < *size) {
      return ContentRange{*first, *last - *first + 1, *size};
    }
  }
  return Error{ErrorCode::kInvalid, "Content-Range: found " + Quote(text) +
                                        ", expected bytes FIRST-LAST/SIZE, as in bytes 0-99/1000"};
}

}  // namespace plasm::api
