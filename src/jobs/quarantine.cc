#include "jobs/quarantine.h"

#include <algorithm>

namespace plasm::jobs {

void Quarantine::OnCrash(const Sha256Digest& module, std::uint64_t now_ns) {
  Forget(now_ns);
  Record& record = records_[module];
  if (record.crashes < kCrashes && (record.crashes == 0 || now_ns - record.first_ns > kWindowNs)) {
    record = {.crashes = 0, .first_ns = now_ns};
  }
  ++record.crashes;
  record.last_ns = now_ns;
}

std::uint64_t Quarantine::Remaining(const Sha256Digest& module, std::uint64_t now_ns) const {
  const auto found = records_.find(module);
  if (found == records_.end() || found->second.crashes < kCrashes) return 0;
  const std::uint64_t since = now_ns - found->second.last_ns;
  return since >= kDurationNs ? 0 : kDurationNs - since;
}

void Quarantine::Forget(std::uint64_t now_ns) {
  std::erase_if(records_, [now_ns](const auto& entry) {
    return now_ns - entry.second.last_ns >= std::max(kDurationNs, kWindowNs);
  });
}

}  // namespace plasm::jobs
