// When to look whether others are known, and when to go to the bootstrap nodes (again). The
// library asks each of them once, and forgets those that did not answer.
#pragma once

#include <cstddef>
#include <cstdint>

namespace plasm::dht {

// Pure; times are of a monotonic clock.
class Membership {
 public:
  struct Todo {
    bool ask_bootstrap = false;
    bool joined = false;  // just now: somebody is known, and before nobody was
  };

  // To be called at DueNs() with the number of nodes that are known.
  Todo Look(std::uint64_t now_ns, std::size_t known) {
    if (started_ns_ == 0) started_ns_ = now_ns;
    Todo todo;
    if (known > 0) {
      todo.joined = !joined_;
      joined_ = true;
      due_ns_ = now_ns + kSettledNs;
      return todo;
    }
    if (joined_) started_ns_ = now_ns;  // all others are gone: a new beginning
    joined_ = false;
    if (now_ns >= ask_ns_) {
      todo.ask_bootstrap = true;
      ask_ns_ = now_ns + kAskNs;
    }
    due_ns_ = now_ns + (now_ns - started_ns_ < kEagerForNs ? kEagerNs : kAskNs);
    return todo;
  }

  std::uint64_t DueNs() const { return due_ns_; }

 private:
  static constexpr std::uint64_t kNs = 1'000'000'000;
  static constexpr std::uint64_t kEagerNs = kNs / 50;
  static constexpr std::uint64_t kEagerForNs = 5 * kNs;
  static constexpr std::uint64_t kAskNs = 2 * kNs;
  static constexpr std::uint64_t kSettledNs = 15 * kNs;

  std::uint64_t started_ns_ = 0;
  std::uint64_t due_ns_ = 0;
  std::uint64_t ask_ns_ = 0;
  bool joined_ = false;
};

}  // namespace plasm::dht
