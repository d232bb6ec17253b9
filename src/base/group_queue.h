// Work that is done in groups, because a group costs little more than one piece of it.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace plasm {

// What may wait while a group is being worked on. The next group is all of it, so twice that
// much can be in memory.
struct GroupLimits {
  std::size_t items;
  std::size_t bytes;  // one larger item waits alone
};

// How long a group is waited for while more keeps coming, which makes each of it cheaper. What
// comes alone, and after others that came alone, never waits.
struct Gathering {
  std::size_t enough = 512;                // a group of that many goes at once
  std::chrono::microseconds pause{2'000};  // then it is asked again whether many came
};
inline constexpr Gathering kNoGathering{.enough = 1};

// Any thread adds; one takes. Whatever was added while a group was being worked on is the next
// group, and under load what else comes soon. Thread-safe.
template <class Item>
class GroupQueue {
 public:
  GroupQueue(GroupLimits limits, Gathering gathering) : limits_(limits), gathering_(gathering) {}

  // `bytes`: about how much memory it holds. `under_way`: about how many items whoever adds is
  // occupied with, this one among them. As they may all wait for their groups before more come,
  // half of them are enough for one: it is worked on while the other half comes.
  // Waits while too much is waiting, unless called by the thread that takes, which would wait for
  // itself. False, and nothing was added, after Close.
  [[nodiscard]] bool Add(Item item, std::size_t bytes, std::size_t under_way = SIZE_MAX) {
    {
      std::unique_lock lock(mutex_);
      if (std::this_thread::get_id() != taker_) {
        room_.wait(lock, [&] { return closed_ || HasRoomFor(bytes); });
      }
      if (closed_) return false;
      items_.push_back(std::move(item));
      bytes_ += bytes;
      enough_ = std::clamp<std::size_t>(under_way / 2, 1, gathering_.enough);
      // Otherwise the taker has been told.
      if (items_.size() != 1 && items_.size() < enough_) return true;
    }
    work_.notify_one();
    return true;
  }

  // What the next group would have, at this moment.
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }

  // What was added can still be taken. Wakes those who wait for room.
  void Close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    work_.notify_all();
    room_.notify_all();
  }

  // Waits for a group, in the order in which it was added. `group` is empty before. False, once
  // the queue is closed and empty.
  bool Take(std::vector<Item>& group) {
    {
      std::unique_lock lock(mutex_);
      taker_ = std::this_thread::get_id();
      work_.wait(lock, [this] { return closed_ || !items_.empty(); });
      if (items_.empty()) return false;
      Gather(lock);
      group.swap(items_);
      bytes_ = 0;
    }
    room_.notify_all();
    return true;
  }

 private:
  bool HasRoomFor(std::size_t bytes) const {  // with the lock held
    return items_.empty() || (items_.size() < limits_.items && bytes_ + bytes <= limits_.bytes);
  }

  // A full queue is waited for no longer than a pause: nothing can come.
  void Gather(std::unique_lock<std::mutex>& lock) {
    const auto enough = [this] { return closed_ || items_.size() >= enough_; };
    std::size_t came = std::max(items_.size(), last_group_);
    while (came >= WorthWaitingFor() && !enough()) {
      const std::size_t before = items_.size();
      work_.wait_for(lock, gathering_.pause, enough);
      came = items_.size() - before;
    }
    last_group_ = items_.size();
  }

  // In one pause.
  std::size_t WorthWaitingFor() const { return std::clamp<std::size_t>(enough_ / 8, 2, 16); }

  const GroupLimits limits_;
  const Gathering gathering_;
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable room_;
  std::vector<Item> items_;
  std::size_t bytes_ = 0;
  std::size_t enough_ = gathering_.enough;
  std::size_t last_group_ = 0;
  bool closed_ = false;
  std::thread::id taker_;
};

}  // namespace plasm
