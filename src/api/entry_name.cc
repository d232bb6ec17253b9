#include "api/entry_name.h"

#include <algorithm>

#include "base/quote.h"

namespace plasm::api {
namespace {

constexpr std::size_t kMaxName = 64;

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

Result<void> CheckEntryName(std::string_view name) {
  const auto allowed = [](char c) {
    return IsLetterOrDigit(c) || c == '.' || c == '_' || c == '-';
  };
  if (!name.empty() && name.size() <= kMaxName && IsLetterOrDigit(name.front()) &&
      std::ranges::all_of(name, allowed)) {
    return {};
  }
  return Error{ErrorCode::kInvalid, "name: found " + Quote(name) +
                                        ", expected 1 to 64 of a-z A-Z 0-9 . _ - that begin "
                                        "with a letter or a digit"};
}

}  // namespace plasm::api
