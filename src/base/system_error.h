// An errno as an Error.
#pragma once

#include <string_view>

#include "base/result.h"

namespace plasm {

// "<what>: <strerror>", as in "/etc/plasm/key: Permission denied"; `what` names the file or
// the call. The code follows the number: ENOENT is kNotFound, EACCES and EPERM kDenied,
// EEXIST kConflict, ENOSPC and EDQUOT kUnavailable, what only a bug explains kInternal.
Error SystemError(int errno_value, std::string_view what);

}  // namespace plasm
