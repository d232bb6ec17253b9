// Lines out of a stream of bytes that somebody else writes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace plasm::discovery {

// Holds at most one line that has not ended, and what was fed behind it. One thread at a time.
class LineSplitter {
 public:
  // `max_bytes`: of a line, without its line feed.
  explicit LineSplitter(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  void Feed(ByteView bytes) { rest_ += AsText(bytes); }

  // The next line without its line feed; nothing when none has ended yet. kLimitExceeded for one
  // that is too long, from when that can be seen: nothing more comes after it.
  Result<std::optional<std::string>> Next();

 private:
  std::size_t max_bytes_;
  std::string rest_;
  std::size_t taken_ = 0;  // of rest_
};

}  // namespace plasm::discovery
