#include "discovery/protocol/lines.h"

#include <utility>

namespace plasm::discovery {

Result<std::optional<std::string>> LineSplitter::Next() {
  const std::size_t end = rest_.find('\n', taken_);
  const std::size_t length = (end == std::string::npos ? rest_.size() : end) - taken_;
  if (length > max_bytes_) {
    return Error{ErrorCode::kLimitExceeded, "a line of more than " + std::to_string(length) +
                                                " bytes, expected at most " +
                                                std::to_string(max_bytes_)};
  }
  if (end == std::string::npos) {
    rest_.erase(0, std::exchange(taken_, 0));
    return std::optional<std::string>();
  }
  std::string line = rest_.substr(taken_, length);
  taken_ = end + 1;
  return std::optional(std::move(line));
}

}  // namespace plasm::discovery
