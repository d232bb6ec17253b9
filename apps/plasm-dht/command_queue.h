// Commands on their way from standard input to the DHT.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "discovery/protocol/dht_command.h"

namespace plasm::dht {

// One at a time with a pause behind it: of many announcements at once the DHT loses most. Pure;
// times are of a monotonic clock.
class CommandQueue {
 public:
  static constexpr std::uint64_t kPauseNs = 5'000'000;
  static constexpr std::size_t kMost = 1024;

  bool IsFull() const { return commands_.size() >= kMost; }
  void Add(discovery::DhtCommand command) { commands_.push_back(std::move(command)); }

  // The next command, when it is due.
  std::optional<discovery::DhtCommand> Take(std::uint64_t now_ns) {
    if (commands_.empty() || now_ns < due_ns_) return std::nullopt;
    due_ns_ = now_ns + kPauseNs;
    discovery::DhtCommand command = std::move(commands_.front());
    commands_.pop_front();
    return command;
  }

  // When there is something to take; the end of time when there is nothing.
  std::uint64_t DueNs() const { return commands_.empty() ? UINT64_MAX : due_ns_; }

 private:
  std::deque<discovery::DhtCommand> commands_;
  std::uint64_t due_ns_ = 0;
};

}  // namespace plasm::dht
