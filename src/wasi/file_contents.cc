#include "wasi/file_contents.h"

#include <algorithm>
#include <cstring>

namespace plasm::wasi {

std::size_t FileContents::Read(std::uint64_t offset, std::span<std::byte> out) const {
  if (offset >= size_ || out.empty()) return 0;
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size_ - offset));
  const ByteView stored = Stored();
  std::size_t copied = 0;
  if (offset < stored.size()) {
    copied = std::min(count, stored.size() - static_cast<std::size_t>(offset));
    std::memcpy(out.data(), stored.data() + offset, copied);
  }
  std::fill(out.begin() + copied, out.begin() + count, std::byte{0});
  return count;
}

void FileContents::Write(std::uint64_t offset, ByteView bytes) {
  if (bytes.empty()) return;
  Own();
  const auto begin = static_cast<std::size_t>(offset);
  const std::size_t end = begin + bytes.size();
  if (begin == owned_.size()) {
    owned_.insert(owned_.end(), bytes.begin(), bytes.end());
  } else {
    if (end > owned_.size()) owned_.resize(end);
    std::memcpy(owned_.data() + begin, bytes.data(), bytes.size());
  }
  size_ = std::max<std::uint64_t>(size_, end);
}

void FileContents::Resize(std::uint64_t size) {
  if (size < Stored().size()) {
    const auto kept = static_cast<std::size_t>(size);
    if (owns_) {
      owned_.resize(kept);
      // The quota counts bytes, not capacity: a truncated file must not keep its memory.
      constexpr std::size_t kSlack = 4096;
      if (owned_.capacity() > 2 * kept + kSlack) owned_.shrink_to_fit();
    } else {
      borrowed_ = borrowed_.first(kept);
    }
  }
  size_ = size;
}

ByteView FileContents::View() {
  if (Stored().size() < size_) {
    Own();
    owned_.resize(static_cast<std::size_t>(size_));
  }
  return Stored();
}

void FileContents::Own() {
  if (owns_) return;
  owned_.assign(borrowed_.begin(), borrowed_.end());
  borrowed_ = {};
  owns_ = true;
}

}  // namespace plasm::wasi
