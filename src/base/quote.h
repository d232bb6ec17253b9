// Text from outside, made fit for a message or a log line.
#pragma once

#include <string>
#include <string_view>

namespace plasm {

// In double quotes, with everything but printable ASCII (and with '"' and '\') escaped, so
// that it can neither forge lines nor steer a terminal; cut after 64 bytes with "...".
std::string Quote(std::string_view text);

}  // namespace plasm
