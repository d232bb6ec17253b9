#include <algorithm>

#include "base/entropy.h"

namespace plasm {

void BufferedEntropy::Fill(std::span<std::byte> out) noexcept {
  if (out.size() > bytes_.size()) return source_.Fill(out);
  const std::lock_guard lock(mutex_);
  if (left_ < out.size()) {
    source_.Fill(bytes_);
    left_ = bytes_.size();
  }
  const auto taken = std::span(bytes_).last(left_).first(out.size());
  std::ranges::copy(taken, out.begin());
  std::ranges::fill(taken, std::byte{0});
  left_ -= out.size();
}

}  // namespace plasm
