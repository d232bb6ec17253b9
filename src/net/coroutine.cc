#include "net/coroutine.h"

#include <sys/mman.h>

#include <boost/context/fiber.hpp>
#include <cassert>
#include <memory>
#include <new>
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

namespace {

// Larger than any frame of what runs here: one page could be stepped over.
constexpr std::size_t kGuardBytes = std::size_t{64} << 10;

class StackMemory {
 public:
  explicit StackMemory(std::size_t bytes) : bytes_(bytes) {
    base_ = ::mmap(nullptr, kGuardBytes + bytes_, PROT_NONE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
    if (base_ == MAP_FAILED) throw std::bad_alloc();
    if (::mprotect(bottom(), bytes_, PROT_READ | PROT_WRITE) != 0) {
      ::munmap(base_, kGuardBytes + bytes_);
      throw std::bad_alloc();
    }
  }
  StackMemory(const StackMemory&) = delete;
  StackMemory& operator=(const StackMemory&) = delete;
  ~StackMemory() { ::munmap(base_, kGuardBytes + bytes_); }

  char* bottom() const { return static_cast<char*>(base_) + kGuardBytes; }
  context::preallocated whole() const {
    context::stack_context whole;
    whole.size = bytes_;
    whole.sp = bottom() + bytes_;
    return {whole.sp, whole.size, whole};
  }
  std::size_t size() const { return bytes_; }

 private:
  std::size_t bytes_;
  void* base_;
};

}  // namespace

// The two sides of a switch. What sanitizers need to be told of it stands here alone.
class Coroutine::Stack {
 public:
  Stack(std::size_t bytes, Coroutine& owner) : memory_(bytes) {
    inside_ = context::fiber(std::allocator_arg, memory_.whole(), Kept{},
                             [this, &owner](context::fiber&& outside) {
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
#ifdef PLASM_TSAN_FIBERS
    __tsan_destroy_fiber(tsan_inside_);
#endif
  }

  void SwitchIn() {
    started_ = true;
#ifdef PLASM_ASAN_FIBERS
    void* own = nullptr;
    __sanitizer_start_switch_fiber(&own, memory_.bottom(), memory_.size());
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

  StackMemory memory_;
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
