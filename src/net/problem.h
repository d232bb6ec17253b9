// Errors as HTTP tells them: RFC 9457, application/problem+json. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace plasm::net {

inline constexpr std::string_view kProblemType = "application/problem+json";

// The one table from codes to statuses. kDenied is 403: a handler that wants other credentials
// says 401 itself.
int StatusOf(ErrorCode code);

// The code that a client makes of a status from 400 on.
ErrorCode CodeOfStatus(int status);

// The reason phrase of RFC 9110, "Unknown" for a status that it does not know.
std::string_view ReasonOf(int status);

// {"type":"about:blank","title":…,"status":…,"detail":…,"code":…}; ill-formed text becomes U+FFFD.
std::string ProblemBody(int status, std::string_view code, std::string_view detail);

}  // namespace plasm::net
