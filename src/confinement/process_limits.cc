#include "confinement/process_limits.h"

#include <sys/prctl.h>

#include <algorithm>
#include <cerrno>

#include "base/system_error.h"

namespace plasm::confinement {

Result<void> LimitResource(__rlimit_resource resource, const char* name, rlim_t value) {
  rlimit current{};
  if (getrlimit(resource, &current) != 0) return SystemError(errno, name);
  value = std::min(value, current.rlim_max);
  const rlimit limit{value, value};
  if (setrlimit(resource, &limit) != 0) return SystemError(errno, name);
  return {};
}

Result<void> GiveUpPrivileges() {
  PLASM_TRY_VOID(LimitResource(RLIMIT_CORE, "RLIMIT_CORE", 0));
  PLASM_TRY_VOID(LimitResource(RLIMIT_MEMLOCK, "RLIMIT_MEMLOCK", 0));
  PLASM_TRY_VOID(LimitResource(RLIMIT_MSGQUEUE, "RLIMIT_MSGQUEUE", 0));
  if (prctl(PR_SET_DUMPABLE, 0) != 0) return SystemError(errno, "PR_SET_DUMPABLE");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return SystemError(errno, "PR_SET_NO_NEW_PRIVS");
  }
  return {};
}

}  // namespace plasm::confinement
