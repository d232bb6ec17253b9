// Which system calls a process may make from some moment on.
#pragma once

#include <seccomp.h>

#include <cstdint>
#include <memory>

#include "base/result.h"

namespace plasm::confinement {

// SCMP_A0 and its like are compound literals, which C++ does not have.
constexpr scmp_arg_cmp Argument(unsigned index, scmp_compare compare, scmp_datum_t first,
                                scmp_datum_t second = 0) {
  return {index, compare, first, second};
}

// Rules are gathered until one fails; then Load says so. Not thread-safe.
class SeccompFilter {
 public:
  // What becomes of a call that no rule names, as in SCMP_ACT_KILL_PROCESS.
  explicit SeccompFilter(std::uint32_t otherwise);

  // Several rules for one call: one that holds is enough.
  template <class... Arguments>
  void Add(std::uint32_t action, int call, Arguments... arguments) {
    if (failed_ == 0) {
      failed_ = seccomp_rule_add(filter_.get(), action, call, sizeof...(arguments), arguments...);
    }
  }
  template <class... Arguments>
  void Allow(int call, Arguments... arguments) {
    Add(SCMP_ACT_ALLOW, call, arguments...);
  }

  // For every thread of the process, and for good.
  Result<void> Load();

 private:
  struct Release {
    void operator()(void* filter) const noexcept { seccomp_release(filter); }
  };

  std::unique_ptr<void, Release> filter_;
  int failed_ = 0;  // a negative errno
};

}  // namespace plasm::confinement
