/// @file
/// A call that goes on in a thread of its own.
#pragma once

#include <plasm/abi.h>

#include <chrono>
#include <future>
#include <memory>
#include <utility>

namespace plasm::PLASM_ABI_NAMESPACE {
/// @cond
namespace detail {

// The thread that a task runs in. Its destructor stops the call and waits for it.
class PLASM_EXPORT TaskThread {
 public:
  struct Shared;
  explicit TaskThread(std::shared_ptr<Shared> shared) noexcept;
  TaskThread(TaskThread&&) noexcept;
  TaskThread& operator=(TaskThread&&) noexcept;
  ~TaskThread();
  void Stop() noexcept;
  void Join() noexcept;

 private:
  void End() noexcept;
  std::shared_ptr<Shared> shared_;
};

}  // namespace detail
/// @endcond

/// The result of an asynchronous call, on its way. Made by the functions whose names end in
/// `Async`. It may outlive the Client or Node that it came from.
///
/// One thread at a time, but for Stop().
template <class T>
class [[nodiscard]] Task {
 public:
  /// @cond
  Task(std::future<T> future, detail::TaskThread thread) noexcept
      : future_(std::move(future)), thread_(std::move(thread)) {}
  Task(Task&&) noexcept = default;
  Task& operator=(Task&&) noexcept = default;
  /// @endcond

  /// Stops the call, as Stop() does, and waits until it has ended. A job that was submitted goes
  /// on on its node. Inside one of the call's own callbacks it does not wait.
  ~Task() = default;

  /// Waits for the result and hands it out, once. Throws what the blocking form throws, and Error
  /// with ErrorCode::kStopped after Stop().
  T Get() {
    future_.wait();
    thread_.Join();  // lets go of what it throws before anybody else does
    return future_.get();
  }

  /// Whether Get() would return or throw at once.
  bool IsReady() const { return WaitFor(std::chrono::milliseconds(0)); }

  /// Waits at most so long; whether Get() would now return or throw at once.
  bool WaitFor(std::chrono::milliseconds longest) const {
    return future_.wait_for(longest) == std::future_status::ready;
  }

  /// Lets go of the call, soon: it ends with ErrorCode::kStopped unless it has come to its end
  /// before. Looking up a host's name is waited for. From any thread.
  void Stop() noexcept { thread_.Stop(); }

 private:
  std::future<T> future_;
  detail::TaskThread thread_;  // ends before the future does
};
}  // namespace plasm::PLASM_ABI_NAMESPACE
