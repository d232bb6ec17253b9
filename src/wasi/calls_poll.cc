// Waiting for time and for descriptors.
#include <algorithm>
#include <limits>
#include <optional>

#include "wasi/calls.h"
#include "wasi/host.h"
#include "wasi/record.h"

namespace plasm::wasi::calls {
namespace {

constexpr Size kSubscriptionSize = 48;
constexpr Size kEventSize = 32;

enum class EventType : std::uint8_t { kClock = 0, kFdRead = 1, kFdWrite = 2 };

// A subscription of the guest, as its bytes say when it is read.
struct Subscription {
  std::uint64_t userdata;
  std::uint8_t type;
  Fd fd;                // kFdRead and kFdWrite
  std::uint32_t clock;  // kClock, like the rest
  Timestamp timeout;
  std::uint16_t flags;
};

Subscription Load(GuestMemory memory, Pointer at) {
  // The whole array has been checked.
  return {.userdata = *memory.Load<std::uint64_t>(at),
          .type = *memory.Load<std::uint8_t>(at + 8),
          .fd = *memory.Load<Fd>(at + 16),
          .clock = *memory.Load<std::uint32_t>(at + 16),
          .timeout = *memory.Load<Timestamp>(at + 24),
          .flags = *memory.Load<std::uint16_t>(at + 40)};
}

struct Event {
  std::uint64_t bytes = 0;
  bool hangup = false;
};

class Poll {
 public:
  Poll(Host& host, GuestMemory memory, Pointer in, Size count)
      : host_(host), memory_(memory), in_(in), count_(count), begun_(host.clock().BeginWait()) {}

  // What the subscriptions ask for, taken together; kInval or kBadf when one is unusable.
  Errno Survey() {
    for (Size i = 0; i < count_; ++i) {
      const Subscription subscription = At(i);
      if (subscription.type == static_cast<std::uint8_t>(EventType::kClock)) {
        const auto deadline = DeadlineOf(subscription);
        if (!deadline) return deadline.error();
        earliest_ = std::min(earliest_.value_or(*deadline), *deadline);
        continue;
      }
      const auto awaited = Awaited(subscription);
      if (!awaited) return awaited.error();
      if (WaitsForInput(**awaited)) {
        waits_for_input_ = true;
      } else {
        ready_ = true;
      }
    }
    return Errno::kSuccess;
  }

  // Returns when at least one subscription is due.
  void Wait() {
    GuestClock& clock = host_.clock();
    while (true) {
      const Timestamp now = clock.WaitLine();
      const bool due = ready_ || (earliest_ && *earliest_ <= now);
      if (waits_for_input_) {
        constexpr Timestamp kForever = std::numeric_limits<Timestamp>::max();
        const Timestamp patience = due ? 0 : earliest_ ? *earliest_ - now : kForever;
        input_ready_ = host_.streams().WaitReadable(patience);
      }
      if (due || input_ready_) return;
      // With stdin awaited the time has just been spent; the loop looks at the clock again.
      if (!waits_for_input_) clock.WaitUntil(*earliest_);
    }
  }

  // Stores one event for each subscription that is due; returns how many.
  Size Report(Pointer out) {
    const Timestamp now = host_.clock().WaitLine();
    Size events = 0;
    for (Size i = 0; i < count_; ++i) {
      // The two arrays may overlap, so a subscription can have changed since Survey().
      const Subscription subscription = At(i);
      Event event;
      if (subscription.type == static_cast<std::uint8_t>(EventType::kClock)) {
        const auto deadline = DeadlineOf(subscription);
        if (!deadline || *deadline > now) continue;
      } else {
        const auto awaited = Awaited(subscription);
        if (!awaited || (WaitsForInput(**awaited) && !input_ready_)) continue;
        event = EventOf(**awaited, subscription);
      }
      Record<kEventSize>()
          .Put(0, subscription.userdata)
          .Put(8, static_cast<std::uint16_t>(Errno::kSuccess))
          .Put(10, subscription.type)
          .Put(16, event.bytes)
          .Put(24, static_cast<std::uint16_t>(event.hangup ? 1 : 0))
          .Store(memory_, out + events * kEventSize);
      ++events;
    }
    return events;
  }

 private:
  Subscription At(Size index) const { return Load(memory_, in_ + index * kSubscriptionSize); }

  // Relative times count from the beginning of the call, whichever pass asks.
  ErrnoOr<Timestamp> DeadlineOf(const Subscription& subscription) const {
    constexpr std::uint16_t kAbsolute = 1;
    if (subscription.flags & ~kAbsolute) return Errno::kInval;
    return host_.clock().Deadline(begun_, subscription.clock, subscription.timeout,
                                  subscription.flags & kAbsolute);
  }

  ErrnoOr<const Descriptor*> Awaited(const Subscription& subscription) const {
    const bool reads = subscription.type == static_cast<std::uint8_t>(EventType::kFdRead);
    const bool writes = subscription.type == static_cast<std::uint8_t>(EventType::kFdWrite);
    if (!reads && !writes) return Errno::kInval;
    const Descriptor* descriptor = host_.descriptors().Get(subscription.fd);
    if (!descriptor || descriptor->kind == Descriptor::Kind::kDirectory) return Errno::kBadf;
    if (!(descriptor->base & (reads ? rights::kFdRead : rights::kFdWrite))) return Errno::kBadf;
    if (!(descriptor->base & rights::kPollFdReadwrite)) return Errno::kNotcapable;
    return descriptor;
  }

  // Under kDet1 input counts as there: when it arrives is not the guest's to know.
  bool WaitsForInput(const Descriptor& descriptor) const {
    return host_.profile() == Profile::kLive && descriptor.kind == Descriptor::Kind::kStdin;
  }

  Event EventOf(const Descriptor& descriptor, const Subscription& subscription) const {
    const bool reads = subscription.type == static_cast<std::uint8_t>(EventType::kFdRead);
    if (!reads || descriptor.IsStream()) return {.bytes = 1};
    const std::uint64_t size = host_.tree().at(descriptor.node).size();
    const std::uint64_t left = size - std::min(size, descriptor.offset);
    return {.bytes = left, .hangup = left == 0};
  }

  Host& host_;
  GuestMemory memory_;
  Pointer in_;
  Size count_;
  GuestClock::WaitStart begun_;
  std::optional<Timestamp> earliest_;
  bool ready_ = false;            // something needs no waiting
  bool waits_for_input_ = false;  // stdin is awaited, under kLive
  bool input_ready_ = false;
};

}  // namespace

Errno PollOneoff(Host& host, GuestMemory memory, Pointer in, Pointer out, Size count,
                 Pointer result) noexcept {
  if (!memory.Slice(in, std::uint64_t{count} * kSubscriptionSize) ||
      !memory.Slice(out, std::uint64_t{count} * kEventSize) ||
      !memory.Slice(result, sizeof(Size))) {
    return Errno::kFault;
  }
  if (count == 0) return Errno::kInval;
  Poll poll(host, memory, in, count);
  if (const Errno error = poll.Survey(); error != Errno::kSuccess) return error;
  poll.Wait();
  memory.Store(result, poll.Report(out));
  return Errno::kSuccess;
}

}  // namespace plasm::wasi::calls
