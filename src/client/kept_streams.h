// What a job writes, kept until it is known whether it counts.
#pragma once

#include <array>
#include <cstddef>

#include "base/bytes.h"
#include "client/job_watch.h"

namespace plasm::client {

// One thread at a time.
class KeptStreams : public JobWatcher {
 public:
  Result<void> OnOutput(worker::Stream stream, ByteView bytes) override {
    Bytes& kept = kept_[static_cast<std::size_t>(stream)];
    kept.insert(kept.end(), bytes.begin(), bytes.end());
    return {};
  }
  Bytes& of(worker::Stream stream) { return kept_[static_cast<std::size_t>(stream)]; }
  const Bytes& of(worker::Stream stream) const { return kept_[static_cast<std::size_t>(stream)]; }

 private:
  std::array<Bytes, 2> kept_;
};

}  // namespace plasm::client
