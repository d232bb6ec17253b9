// What a process takes from itself before it reads anything from outside.
#pragma once

#include <sys/resource.h>

#include "base/result.h"

namespace plasm::confinement {

// Both limits, soft and hard; never higher than the hard one is. `name` as in "RLIMIT_CORE".
Result<void> LimitResource(__rlimit_resource resource, const char* name, rlim_t value);

// Core dumps, locked memory and message queues; and it can neither be looked into by others of its
// user nor gain privileges by what it executes.
Result<void> GiveUpPrivileges();

}  // namespace plasm::confinement
