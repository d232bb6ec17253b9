// Which text may stand in a name. Pure, linear in the size of the text.
#pragma once

#include <string_view>
#include <vector>

namespace plasm {

// Well-formed UTF-8 without U+0000 to U+001F and U+007F to U+009F: fit to be shown on one line.
bool IsPlainText(std::string_view text);

// IsPlainText, not empty, and without white space of any kind that Unicode knows.
bool IsPlainWord(std::string_view text);

// What stands between blanks and tabs, in order; none is empty.
std::vector<std::string_view> SplitAtBlanks(std::string_view text);

// White space of any kind that Unicode knows (the property White_Space), the controls among it
// too. The text is well-formed UTF-8.
bool HasWhiteSpace(std::string_view text);

}  // namespace plasm
