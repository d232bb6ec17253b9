#include "base/entry_line.h"

#include <algorithm>
#include <string>

#include "base/text_form.h"

namespace plasm {
namespace {

// Blanks between fields may be tabs; no other control character has a place here.
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
  return SplitAtBlanks(line.substr(0, line.size() - CommentOf(line).size()));
}

std::string_view CommentOf(std::string_view line) {
  const std::size_t start = line.find('#');
  return start == std::string_view::npos ? std::string_view() : line.substr(start);
}

}  // namespace plasm
