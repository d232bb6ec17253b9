#include "worker/supervisor/stdin_feed.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace plasm::worker {

int StdinFeed::PollFd() const {
  const bool at_hand = position_ < remembered_.size();
  return at_hand || ended_ ? -1 : fd_;
}

std::optional<ByteView> StdinFeed::Rest() const {
  if (!ended_) return std::nullopt;
  return ByteView(remembered_).subspan(position_);
}

bool StdinFeed::Full() const {
  return remembering_ && !ended_ && position_ == remembered_.size() &&
         remembered_.size() >= kMaxRemembered;
}

ByteView StdinFeed::Take(std::size_t most) {
  if (position_ == remembered_.size() && !ended_) {
    if (!remembering_) {
      remembered_.clear();
      position_ = 0;
    }
    const auto before = remembered_.size();
    remembered_.resize(before + most);
    ssize_t count = 0;
    do {
      count = read(fd_, remembered_.data() + before, most);
    } while (count < 0 && errno == EINTR);
    if (count <= 0) ended_ = true;
    remembered_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (observer_ && count > 0) observer_(ByteView(remembered_).subspan(before));
  }
  const auto size = std::min(most, remembered_.size() - position_);
  const ByteView taken = ByteView(remembered_).subspan(position_, size);
  position_ += size;
  return taken;
}

}  // namespace plasm::worker
