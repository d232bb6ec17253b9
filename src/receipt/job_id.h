// The names of jobs: "job-" and a UUID in lower case.
#pragma once

#include <string>
#include <string_view>

#include "base/entropy.h"

namespace plasm::receipt {

std::string RandomJobId(Entropy& entropy);

bool IsJobId(std::string_view text);

}  // namespace plasm::receipt
