// For tests: streams, a clock and entropy that do nothing by themselves.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "wasi/streams.h"

namespace plasm::wasi::testing {

class FakeClock final : public Clock {
 public:
  std::uint64_t RealtimeNs() noexcept override { return realtime; }
  std::uint64_t MonotonicNs() noexcept override { return monotonic; }
  void SleepNs(std::uint64_t duration) noexcept override {
    realtime += duration;
    monotonic += duration;
    slept.push_back(duration);
  }

  std::uint64_t realtime = 1'700'000'000'000'000'000;
  std::uint64_t monotonic = 5'000'000'000;
  std::vector<std::uint64_t> slept;
};

class FakeStreams final : public Streams {
 public:
  explicit FakeStreams(FakeClock& clock) : clock_(&clock) {}

  std::size_t Read(std::span<std::byte> buffer) noexcept override {
    ++reads;
    const std::size_t count = std::min({buffer.size(), chunk, input.size()});
    if (count > 0) std::memcpy(buffer.data(), input.data(), count);
    input.erase(0, count);
    return count;
  }
  bool WaitReadable(std::uint64_t timeout) noexcept override {
    waits.push_back(timeout);
    if (input_after <= timeout) {
      clock_->SleepNs(input_after);
      return true;
    }
    clock_->SleepNs(timeout);
    input_after -= timeout;
    return false;
  }
  void Write(OutputStream stream, ByteView bytes) noexcept override {
    (stream == OutputStream::kStdout ? out : err) += AsText(bytes);
  }

  std::string input;
  std::size_t chunk = ~std::size_t{0};  // the most that one Read gives
  std::uint64_t input_after = 0;        // when input arrives, counted from now
  std::vector<std::uint64_t> waits;
  int reads = 0;
  std::string out;
  std::string err;

 private:
  FakeClock* clock_;
};

// Counts upwards.
class FakeEntropy final : public Entropy {
 public:
  void Fill(std::span<std::byte> out) noexcept override {
    for (std::byte& b : out) b = std::byte{next_++};
  }

 private:
  unsigned char next_ = 1;
};

}  // namespace plasm::wasi::testing
