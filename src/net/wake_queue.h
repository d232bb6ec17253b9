// What other threads tell the server's thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/unique_fd.h"
#include "net/exchange.h"

namespace plasm::net {

// Something that is told once, and then does something on the server's thread.
class Wakeable {
 public:
  virtual ~Wakeable() = default;
  virtual void OnWake() = 0;
};

// Thread-safe. However much is pushed between two turns of the server, it is woken once.
// Outlives the server as long as somebody may still push.
class WakeQueue {
 public:
  WakeQueue();  // throws std::system_error without descriptors

  void Push(std::shared_ptr<Wakeable> wakeable);
  void Post(std::function<void()> function);

  int fd() const { return fd_.get(); }  // readable when there is something

  struct Batch {
    std::vector<std::shared_ptr<Wakeable>> wakeables;
    std::vector<std::function<void()>> functions;
  };
  // Moves all that is there to an empty batch.
  void TakeAll(Batch& batch);

 private:
  void Ring();

  UniqueFd fd_;
  std::mutex mutex_;
  Batch waiting_;
};

}  // namespace plasm::net
