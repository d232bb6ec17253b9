// Text from outside that people are to read in full, where Quote would cut it.
#pragma once

#include <string>
#include <string_view>

namespace plasm {

// Well-formed UTF-8 without control characters (U+0000 to U+001F, U+007F to U+009F): each has
// become a blank, and what is ill-formed U+FFFD. So it can neither forge lines nor steer a
// terminal, and stands in a receipt.
std::string OneLine(std::string_view text);

}  // namespace plasm
