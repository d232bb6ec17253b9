// The Date of a response: RFC 9110 section 5.6.7.
#pragma once

#include <cstdint>
#include <string>

namespace plasm::net {

std::string FormatHttpDate(std::uint64_t seconds_since_epoch);

// The same, made once a second. One thread at a time.
class HttpDate {
 public:
  const std::string& At(std::uint64_t realtime_ns) {
    const std::uint64_t second = realtime_ns / 1'000'000'000;
    if (text_.empty() || second != second_) {
      second_ = second;
      text_ = FormatHttpDate(second);
    }
    return text_;
  }

 private:
  std::uint64_t second_ = 0;
  std::string text_;
};

}  // namespace plasm::net
