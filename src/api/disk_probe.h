// Whether a node can write to its disk.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/clock.h"
#include "base/result.h"

namespace plasm::api {

// One thread at a time. The clock must outlive it.
class DiskProbe {
 public:
  DiskProbe(std::filesystem::path folder, Clock& clock)
      : folder_(std::move(folder)), clock_(clock) {}

  // Writes a few bytes to a file without a name, once a second at most, and says what came of it.
  const Result<void>& Try();

 private:
  std::filesystem::path folder_;
  Clock& clock_;
  Result<void> last_;
  std::uint64_t tried_ns_ = 0;
  bool tried_ = false;
};

}  // namespace plasm::api
