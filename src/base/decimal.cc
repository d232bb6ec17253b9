#include "base/decimal.h"

#include <charconv>

#include "base/quote.h"

namespace plasm {

Result<std::uint64_t> ParseDecimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [stop, failed] = std::from_chars(text.begin(), text.end(), value);
  const bool leading_zero = text.size() > 1 && text.front() == '0';
  if (failed != std::errc() || stop != text.end() || leading_zero) {
    return Error{ErrorCode::kInvalid, "found " + Quote(text) + ", expected a decimal number"};
  }
  return value;
}

}  // namespace plasm
