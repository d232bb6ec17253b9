// Lines of a file that people edit (entry_file.h): fields between blanks, and a comment from '#'
// on. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"

namespace plasm {

// The fields in front of the comment; none for a line that has blanks and a comment at most.
// kInvalid for ill-formed UTF-8 and for control characters other than the tab. Views are of the
// line.
Result<std::vector<std::string_view>> FieldsOf(std::string_view line);

// From its '#' to the end; empty without one.
std::string_view CommentOf(std::string_view line);

}  // namespace plasm
