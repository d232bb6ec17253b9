// Jobs of which nobody has been promised anything yet: most end soon, and are then written with
// their end, once. The others are written after a short while.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace plasm::jobs {

// Add may be called by any thread.
class PostponedWrites {
 public:
  // `write` is called once for each id, on a thread of its own, between half of `postponed` and
  // all of it after Add; it may find that the job is written already.
  PostponedWrites(std::chrono::milliseconds postponed,
                  std::function<void(const std::string& id)> write);
  ~PostponedWrites() { Stop(); }
  PostponedWrites(const PostponedWrites&) = delete;
  PostponedWrites& operator=(const PostponedWrites&) = delete;

  void Add(std::string id);

  // Writes what is left, and ends the thread. By one thread; what is added later is not written.
  void Stop();

 private:
  using Time = std::chrono::steady_clock::time_point;
  void Run();

  const std::chrono::milliseconds postponed_;
  const std::function<void(const std::string&)> write_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<Time, std::string>> waiting_;  // the oldest first
  bool stopping_ = false;
  std::thread thread_;  // begins when everything above is there
};

}  // namespace plasm::jobs
