// Functions that can sleep in the middle, each on a stack of its own (Boost.Context).
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace plasm::net {

// What a coroutine runs.
class CoroutineBody {
 public:
  virtual ~CoroutineBody() = default;
  virtual void Run() noexcept = 0;
};

// A stack, mapped with room below it that nothing may touch, and what sleeps on it. All calls
// from one thread.
class Coroutine {
 public:
  explicit Coroutine(std::size_t stack_bytes);
  Coroutine(const Coroutine&) = delete;
  Coroutine& operator=(const Coroutine&) = delete;
  // Nothing may be asleep on it.
  ~Coroutine();

  // Runs the body until it sleeps or ends. Nothing may be asleep on it.
  void Start(CoroutineBody& body);
  // Wakes the body; returns when it sleeps again or ends.
  void Resume();
  // From inside the body: sleeps until Resume. Not inside a catch block.
  void Sleep();

  bool ended() const { return body_ == nullptr; }

 private:
  class Stack;
  void Enter();

  std::unique_ptr<Stack> stack_;
  CoroutineBody* body_ = nullptr;
};

// Stacks that are used again, so that they are as many as are in use at a time.
class CoroutinePool {
 public:
  explicit CoroutinePool(std::size_t stack_bytes) : stack_bytes_(stack_bytes) {}

  std::unique_ptr<Coroutine> Take();
  // Keeps a few, whose touched pages stay in memory, and unmaps the others.
  void Give(std::unique_ptr<Coroutine> ended);
  // Unmaps them all: to be called on the thread that used them.
  void Clear() { free_.clear(); }

 private:
  static constexpr std::size_t kKept = 64;
  std::size_t stack_bytes_;
  std::vector<std::unique_ptr<Coroutine>> free_;
};

}  // namespace plasm::net
