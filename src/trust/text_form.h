// Which text may stand in a name.
#pragma once

#include <string_view>

namespace plasm::trust {

// Well-formed UTF-8 without U+0000 to U+001F and U+007F to U+009F: fit to be shown on one line.
bool IsPlainText(std::string_view text);

// IsPlainText, not empty, and without white space of any kind that Unicode knows.
bool IsPlainWord(std::string_view text);

}  // namespace plasm::trust
