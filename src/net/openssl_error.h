// What OpenSSL says went wrong.
#pragma once

#include <string_view>

#include "base/result.h"

namespace plasm::net {

// "<what>: <OpenSSL's reason>" of the oldest error of this thread, whose queue is empty after.
Error OpensslError(std::string_view what, ErrorCode code = ErrorCode::kInternal);

}  // namespace plasm::net
