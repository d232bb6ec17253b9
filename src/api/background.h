// Threads for what would hold up the server's: waiting for the disk.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "net/exchange.h"

namespace plasm::api {

// Thread-safe, but for its end, which waits for what is in hand and drops what is not begun.
class Background {
 public:
  explicit Background(unsigned threads);
  ~Background();

  void Run(std::function<void()> work);

  // What `work` gives, computed on one of the threads while the request sleeps. It must own what
  // it uses: a client that goes away does not stop it. kUnavailable then.
  template <class T>
  Result<T> Await(net::Exchange& exchange, std::function<Result<T>()> work) {
    constexpr std::chrono::minutes kLimit(5);
    auto result = exchange.Await<Result<T>>(
        [&](std::function<void(Result<T>)> give) {
          Run([work = std::move(work), give = std::move(give)] { give(work()); });
        },
        kLimit);
    if (result) return *std::move(result);
    return Error{ErrorCode::kUnavailable, "the disk is too slow, or the client is gone"};
  }

 private:
  void Work();

  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<std::function<void()>> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace plasm::api
