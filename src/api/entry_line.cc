#include "api/entry_line.h"

#include <algorithm>
#include <string>

#include "base/quote.h"
#include "base/text_form.h"

namespace plasm::api {
namespace {

constexpr std::size_t kMaxName = 64;

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool IsLineText(std::string_view line) {
  std::string without_tabs(line);
  std::ranges::replace(without_tabs, '\t', ' ');
  return IsPlainText(without_tabs);
}

}  // namespace

Result<std::vector<std::string_view>> FieldsOf(std::string_view line) {
  if (!IsLineText(line)) {
    return Error{ErrorCode::kInvalid,
                 "found ill-formed UTF-8 or a control character, as in a line end of CR LF"};
  }
  return SplitAtBlanks(line.substr(0, line.find('#')));
}

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
