#include "confinement/seccomp_filter.h"

#include <cerrno>

#include "base/system_error.h"

namespace plasm::confinement {

SeccompFilter::SeccompFilter(std::uint32_t otherwise) : filter_(seccomp_init(otherwise)) {
  failed_ = filter_ ? seccomp_attr_set(filter_.get(), SCMP_FLTATR_CTL_TSYNC, 1) : -ENOMEM;
}

Result<void> SeccompFilter::Load() {
  if (failed_ == 0) failed_ = seccomp_load(filter_.get());
  if (failed_ != 0) return SystemError(-failed_, "seccomp");
  return {};
}

}  // namespace plasm::confinement
