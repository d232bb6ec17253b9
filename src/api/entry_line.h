// Lines of the files that say who may do what (spec/clients.md): fields between blanks, and a
// comment from '#' on. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"

namespace plasm::api {

// The fields in front of the comment; none for a line that has blanks and a comment at most.
// kInvalid for ill-formed UTF-8 and for control characters other than the tab. Views are of the
// line.
Result<std::vector<std::string_view>> FieldsOf(std::string_view line);

// A name of a client or a token: 1 to 64 bytes of a-z A-Z 0-9 . _ - that begin with a letter or a
// digit. kInvalid otherwise.
Result<void> CheckEntryName(std::string_view name);

}  // namespace plasm::api
