// Whether a body comes fast enough. Pure.
#pragma once

#include <cstddef>
#include <cstdint>

namespace plasm::net {

// Counts the time that was spent waiting for a client, which is not the time that a handler takes:
// within each span of it, so many bytes have to come.
class BodyProgress {
 public:
  BodyProgress(std::size_t bytes, std::uint64_t span_ns) : bytes_(bytes), span_ns_(span_ns) {}

  // How long the next wait may take.
  std::uint64_t left_ns() const { return waited_ns_ < span_ns_ ? span_ns_ - waited_ns_ : 0; }

  void OnWaited(std::uint64_t ns) { waited_ns_ += ns; }

  void OnBytes(std::size_t count) {
    came_ += count;
    if (came_ < bytes_) return;
    came_ = 0;
    waited_ns_ = 0;
  }

 private:
  std::size_t bytes_;
  std::uint64_t span_ns_;
  std::size_t came_ = 0;
  std::uint64_t waited_ns_ = 0;
};

}  // namespace plasm::net
