// Whose job is next: those who have had the least of the workers' time. Pure.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace plasm::jobs {

// Start-time fair queueing over clients, first in first out within one: a client's clock moves by
// the time that its jobs took, and the one that is furthest behind is next. One who comes back
// starts where the others are, so that nobody saves up. Not thread-safe.
class FairQueue {
 public:
  using Key = std::uint64_t;  // the caller's name of a job; none twice at a time

  // `running_at_most`: of this client's jobs at a time; the last one named counts.
  void Push(const std::string& client, Key job, std::uint32_t running_at_most);
  // In front of the client's others: a job that has waited already.
  void PushFront(const std::string& client, Key job, std::uint32_t running_at_most);

  // The next job that may start, and it counts as running from now on; nothing when all waiting
  // clients have as many running as they may, or nobody waits.
  std::optional<Key> Pop();

  // A job that Pop gave has ended, or goes back into the queue, after so much time in a worker.
  void Ended(const std::string& client, std::uint64_t took_ns);

  // Takes out a job that waits; whether there was one.
  bool Remove(Key job);

  std::size_t size() const { return where_.size(); }
  std::size_t waiting(const std::string& client) const;

 private:
  struct Lane {
    std::list<Key> jobs;
    std::uint64_t clock = 0;  // nanoseconds of virtual time
    std::uint32_t running = 0;
    std::uint32_t running_at_most = 1;
    bool ready = false;  // stands in ready_
  };
  using Lanes = std::map<std::string, Lane>;

  void Add(const std::string& client, Key job, std::uint32_t running_at_most, bool in_front);
  void Update(Lanes::iterator lane);

  Lanes lanes_;  // of clients with jobs that wait or run
  // Those who could start a job, the furthest behind first.
  std::map<std::pair<std::uint64_t, std::string>, Lanes::iterator> ready_;
  std::unordered_map<Key, std::pair<Lanes::iterator, std::list<Key>::iterator>> where_;
  std::uint64_t now_ = 0;  // virtual: the clock of the lane that was served last
};

}  // namespace plasm::jobs
