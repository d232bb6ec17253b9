#include "service_control.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "log.h"

namespace plasm::app {
namespace {

constexpr std::uint64_t kNs = 1'000'000'000;
constexpr std::uint64_t kTickNs = kNs / 5;
constexpr std::uint64_t kRetireEveryNs = 600 * kNs;
constexpr std::uint64_t kRenewCardEveryNs = 3600 * kNs;  // of the 30 days that there are for it
constexpr int kStoppedAtOnce = 130;

// Something that is due at once, and then every so often.
class Rhythm {
 public:
  explicit Rhythm(std::uint64_t every_ns) : every_ns_(every_ns) {}
  bool IsDue(std::uint64_t now_ns) {
    if (now_ns < next_ns_) return false;
    next_ns_ = now_ns + every_ns_;
    return true;
  }

 private:
  std::uint64_t every_ns_;
  std::uint64_t next_ns_ = 0;
};

// For answers that are on their way when the jobs have ended.
constexpr std::chrono::seconds kLastAnswers(2);

}  // namespace

ServiceControl::ServiceControl(Parts parts)
    : parts_(std::move(parts)),
      notice_(std::getenv("NOTIFY_SOCKET")),
      thread_([this] { Work(); }) {}

ServiceControl::~ServiceControl() {
  over_ = true;
  thread_.join();
}

void ServiceControl::Work() {
  if (const auto told = notice_.Ready(); !told) {
    LogEvent(LogLevel::kWarn, "not_notified", {{"error", told.error().message}});
  }
  LogEvent(LogLevel::kInfo, "ready");
  parts_.warm_up();
  const auto watchdog =
      WatchdogIntervalNs(std::getenv("WATCHDOG_USEC"), std::getenv("WATCHDOG_PID"),
                         static_cast<std::uint64_t>(getpid()));
  const std::uint64_t tick = watchdog ? std::min(*watchdog, kTickNs) : kTickNs;
  Rhythm alive(watchdog.value_or(0));
  Rhythm retire(kRetireEveryNs);
  Rhythm renew_card(kRenewCardEveryNs);
  while (!over_) {
    switch (parts_.signals.Wait(tick)) {
      case ServiceSignal::kStop:
        return Stop();
      case ServiceSignal::kReload:
        Reload();
        break;
      case ServiceSignal::kNone:
        break;
    }
    const std::uint64_t now = parts_.clock.MonotonicNs();
    if (watchdog && alive.IsDue(now)) {
      // Asked of the server's thread: one that hangs is not alive.
      parts_.server.Post([this] { (void)notice_.Alive(); });
    }
    if (renew_card.IsDue(now)) RenewCard();
    if (retire.IsDue(now)) Retire();
  }
}

void ServiceControl::Reload() {
  (void)notice_.Reloading(parts_.clock.MonotonicNs());
  RenewCard();
  parts_.server.Post([this] {
    parts_.access.Reload();
    LogEvent(LogLevel::kInfo, "reloaded");
    (void)notice_.Ready();
  });
}

void ServiceControl::Stop() {
  (void)notice_.Stopping();
  LogEvent(LogLevel::kInfo, "stopping",
           {{"running", parts_.service.load().running}, {"queued", parts_.service.load().queued}});
  std::atomic<bool> stopped = false;
  std::thread stopping([&] {
    parts_.draining();
    // The server goes on answering meanwhile: whoever waits for a job that ends gets its result.
    parts_.service.Stop(parts_.drain_ns);
    stopped = true;
  });
  while (!stopped) {
    if (parts_.signals.Wait(kTickNs / 4) == ServiceSignal::kStop) {
      // All that was acknowledged is on disk; workers end with this process.
      LogEvent(LogLevel::kWarn, "stopped_at_once");
      std::_Exit(kStoppedAtOnce);
    }
  }
  stopping.join();
  parts_.server.Stop(kLastAnswers);
  LogEvent(LogLevel::kInfo, "stopped");
}

void ServiceControl::RenewCard() {
  const auto news = parts_.renew_card();
  if (!news) {
    LogEvent(LogLevel::kError, "card_not_renewed", {{"error", news.error().message}});
  } else if (*news != node::CardNews::kNone) {
    LogEvent(LogLevel::kInfo,
             *news == node::CardNews::kRenewed ? "card_renewed" : "card_taken_over");
  }
}

void ServiceControl::Retire() {
  const auto retired = parts_.retire();
  if (!retired) {
    LogEvent(LogLevel::kWarn, "not_retired", {{"error", retired.error().message}});
  } else if (retired->jobs + retired->blobs.blobs + retired->partial_uploads > 0) {
    LogEvent(LogLevel::kInfo, "retired",
             {{"jobs", retired->jobs},
              {"blobs", retired->blobs.blobs},
              {"bytes", retired->blobs.bytes},
              {"uploads", retired->partial_uploads}});
  }
}

}  // namespace plasm::app
