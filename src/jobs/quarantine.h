// Modules that kill their workers again and again are not run any more for a while. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "base/sha256.h"

namespace plasm::jobs {

// Not thread-safe. Times are monotonic nanoseconds.
class Quarantine {
 public:
  static constexpr std::uint32_t kCrashes = 3;  // within kWindowNs
  static constexpr std::uint64_t kWindowNs = 600'000'000'000;
  static constexpr std::uint64_t kDurationNs = 600'000'000'000;  // since the last crash

  // A worker died while it ran this module.
  void OnCrash(const Sha256Digest& module, std::uint64_t now_ns);
  // Nanoseconds until it may run again; 0: now.
  std::uint64_t Remaining(const Sha256Digest& module, std::uint64_t now_ns) const;

 private:
  struct Record {
    std::uint32_t crashes = 0;
    std::uint64_t first_ns = 0;
    std::uint64_t last_ns = 0;
  };
  void Forget(std::uint64_t now_ns);

  std::map<Sha256Digest, Record> records_;  // of modules that crashed lately
};

}  // namespace plasm::jobs
