// UUIDs (RFC 9562).
#pragma once

#include <string>
#include <string_view>

#include "base/entropy.h"

namespace plasm {

// Of version 4, in lower case, as in "1b4e28ba-2fa1-41d2-883f-0016d3cca427".
std::string RandomUuid(Entropy& entropy);

// Whether the text has that form: lower case, dashes at their places, any version.
bool IsUuid(std::string_view text);

}  // namespace plasm
