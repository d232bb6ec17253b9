// The inside of v0::Task.
#pragma once

#include <plasm/error.h>
#include <plasm/task.h>

#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "libplasm/stop_signal.h"

namespace plasm::v0::detail {

struct TaskThread::Shared {
  libplasm::StopSlot stop;
  std::thread thread;  // its owner's alone: the thread itself does not look at it
};

}  // namespace plasm::v0::detail

namespace plasm::libplasm {

// Runs `work`, a callable from StopSlot& to T, in a thread of its own. What it refers to is gone
// before the result can be seen.
template <class T, class Work>
v0::Task<T> StartTask(Work work) {
  using Shared = v0::detail::TaskThread::Shared;
  auto shared = std::make_shared<Shared>();
  std::promise<T> promise;
  std::future<T> future = promise.get_future();
  auto run = [shared, promise = std::move(promise),
              kept = std::optional<Work>(std::move(work))]() mutable {
    std::optional<T> value;
    std::exception_ptr failure;
    try {
      value.emplace((*kept)(shared->stop));
    } catch (...) {
      failure = std::current_exception();
    }
    kept.reset();
    if (failure) {
      promise.set_exception(std::move(failure));
    } else {
      promise.set_value(*std::move(value));
    }
  };
  try {
    shared->thread = std::thread(std::move(run));
  } catch (const std::system_error& error) {
    throw v0::Error(v0::ErrorCode::kUnavailable,
                    std::string("no thread could be started: ") + error.what());
  }
  return v0::Task<T>(std::move(future), v0::detail::TaskThread(std::move(shared)));
}

}  // namespace plasm::libplasm
