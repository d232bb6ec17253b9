// Wakes a request that waits for something other threads tell.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <utility>
#include <variant>

#include "net/exchange.h"

namespace plasm::api {

// Rung by any thread, heard by one request. Whoever rings has written down before what there is
// to see; whoever hears looks at it, and waits again when it is not enough. Held by both sides.
class Bell {
 public:
  void Ring() {
    std::function<void(std::monostate)> wake;
    {
      const std::lock_guard lock(mutex_);
      if (!wake_) {
        rung_ = true;
        return;
      }
      wake = std::exchange(wake_, nullptr);
    }
    wake({});
  }

  // Whether it rang, now or since the last call; false when `limit` passed or the client is gone.
  bool Wait(net::Exchange& exchange, std::chrono::nanoseconds limit) {
    const auto rang = exchange.Await<std::monostate>(
        [this](std::function<void(std::monostate)> wake) {
          {
            const std::lock_guard lock(mutex_);
            if (!std::exchange(rung_, false)) {
              wake_ = std::move(wake);
              return;
            }
          }
          wake({});
        },
        limit);
    const std::lock_guard lock(mutex_);
    wake_ = nullptr;
    return rang.has_value();
  }

 private:
  std::mutex mutex_;
  bool rung_ = false;
  std::function<void(std::monostate)> wake_;
};

}  // namespace plasm::api
