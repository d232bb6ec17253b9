#include "net/coroutine.h"

#include <boost/context/fiber.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <cassert>
#include <memory>
#include <utility>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PLASM_ASAN_FIBERS
#include <sanitizer/common_interface_defs.h>
#endif
#if __has_feature(thread_sanitizer)
#define PLASM_TSAN_FIBERS
#include <sanitizer/tsan_interface.h>
#endif
#endif

namespace plasm::net {

namespace context = boost::context;

// The two sides of a switch. What sanitizers need to be told of it stands here alone.
class Coroutine::Stack {
 public:
  Stack(std::size_t bytes, Coroutine& owner) : memory_(bytes), mapped_(memory_.allocate()) {
    inside_ =
        context::fiber(std::allocator_arg, context::preallocated(mapped_.sp, mapped_.size, mapped_),
                       Kept{}, [this, &owner](context::fiber&& outside) {
                         outside_ = std::move(outside);
                         Arrived(nullptr);
                         while (!leaving_) {
                           owner.Enter();
                           SwitchOut();
                         }
                         Leave();
                         return std::move(outside_);
                       });
#ifdef PLASM_TSAN_FIBERS
    tsan_inside_ = __tsan_create_fiber(0);
#endif
  }

  ~Stack() {
    leaving_ = true;
    if (started_) SwitchIn();
    inside_ = {};
    memory_.deallocate(mapped_);
#ifdef PLASM_TSAN_FIBERS
    __tsan_destroy_fiber(tsan_inside_);
#endif
  }

  void SwitchIn() {
    started_ = true;
#ifdef PLASM_ASAN_FIBERS
    void* own = nullptr;
    __sanitizer_start_switch_fiber(&own, static_cast<char*>(mapped_.sp) - mapped_.size,
                                   mapped_.size);
#endif
#ifdef PLASM_TSAN_FIBERS
    tsan_outside_ = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(tsan_inside_, 0);
#endif
    inside_ = std::move(inside_).resume();
#ifdef PLASM_ASAN_FIBERS
    __sanitizer_finish_switch_fiber(own, nullptr, nullptr);
#endif
  }

  void SwitchOut() {
    [[maybe_unused]] void* own = nullptr;
#ifdef PLASM_ASAN_FIBERS
    __sanitizer_start_switch_fiber(&own, outside_bottom_, outside_size_);
#endif
#ifdef PLASM_TSAN_FIBERS
    __tsan_switch_to_fiber(tsan_outside_, 0);
#endif
    outside_ = std::move(outside_).resume();
    Arrived(own);
  }

 private:
  // The stack outlives the function that ran on it: this object unmaps it.
  struct Kept {
    context::stack_context allocate() { return {}; }
    void deallocate(context::stack_context&) noexcept {}
  };

  // For good: the sanitizer forgets what it keeps for this stack.
  void Leave() {
#ifdef PLASM_ASAN_FIBERS
    __sanitizer_start_switch_fiber(nullptr, outside_bottom_, outside_size_);
#endif
#ifdef PLASM_TSAN_FIBERS
    __tsan_switch_to_fiber(tsan_outside_, 0);
#endif
  }

  void Arrived([[maybe_unused]] void* own) {
#ifdef PLASM_ASAN_FIBERS
    __sanitizer_finish_switch_fiber(own, &outside_bottom_, &outside_size_);
#endif
  }

  context::protected_fixedsize_stack memory_;
  context::stack_context mapped_;
  context::fiber inside_;
  context::fiber outside_;
  bool started_ = false;
  bool leaving_ = false;
#ifdef PLASM_ASAN_FIBERS
  const void* outside_bottom_ = nullptr;
  std::size_t outside_size_ = 0;
#endif
#ifdef PLASM_TSAN_FIBERS
  void* tsan_inside_ = nullptr;
  void* tsan_outside_ = nullptr;
#endif
};

Coroutine::Coroutine(std::size_t stack_bytes)
    : stack_(std::make_unique<Stack>(stack_bytes, *this)) {}

Coroutine::~Coroutine() { assert(ended()); }

void Coroutine::Start(CoroutineBody& body) {
  assert(ended());
  body_ = &body;
  stack_->SwitchIn();
}

void Coroutine::Resume() {
  assert(!ended());
  stack_->SwitchIn();
}

void Coroutine::Sleep() { stack_->SwitchOut(); }

void Coroutine::Enter() {
  if (body_ == nullptr) return;
  body_->Run();
  body_ = nullptr;
}

std::unique_ptr<Coroutine> CoroutinePool::Take() {
  if (free_.empty()) return std::make_unique<Coroutine>(stack_bytes_);
  std::unique_ptr<Coroutine> taken = std::move(free_.back());
  free_.pop_back();
  return taken;
}

void CoroutinePool::Give(std::unique_ptr<Coroutine> ended) {
  assert(ended->ended());
  if (free_.size() < kKept) free_.push_back(std::move(ended));
}

}  // namespace plasm::net
