// Random UUIDs (RFC 9562, version 4).
#pragma once

#include <string>

#include "base/entropy.h"

namespace plasm {

// Lower case, as in "1b4e28ba-2fa1-41d2-883f-0016d3cca427".
std::string RandomUuid(Entropy& entropy);

}  // namespace plasm
