#include "client/asking_at_once.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/system_error.h"
#include "base/unique_fd.h"

namespace plasm::client {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kMostAtATime = 128;

// In milliseconds, as poll has it; rounded up, so that it is not asked again too early.
int Until(steady_clock::time_point end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

}  // namespace

Result<void> AskAtOnce(std::size_t count,
                       const std::function<void(std::size_t index, int stop_fd)>& ask,
                       const AskingSettings& settings) {
  const UniqueFd stop(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  const UniqueFd changed(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stop || !changed) return SystemError(errno, "eventfd");
  std::mutex mutex;
  std::size_t left = count;
  bool enough = false;
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t index = next++; index < count; index = next++) {
      ask(index, stop.get());
      const bool will_do = settings.will_do(index);
      const std::lock_guard lock(mutex);
      --left;
      enough = enough || will_do;
      (void)eventfd_write(changed.get(), 1);
    }
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < std::min(count, kMostAtATime); ++i) threads.emplace_back(work);

  const auto begin = steady_clock::now();
  std::optional<steady_clock::time_point> end;
  while (true) {
    {
      const std::lock_guard lock(mutex);
      if (left == 0) break;
      const auto now = steady_clock::now();
      if (enough && !end) end = now + std::max<steady_clock::duration>(settings.grace, now - begin);
    }
    if (end && steady_clock::now() >= *end) break;
    std::array<pollfd, 2> polled{{{changed.get(), POLLIN, 0}, {settings.interrupt_fd, POLLIN, 0}}};
    (void)poll(polled.data(), polled.size(), end ? Until(*end) : -1);
    if (polled[1].revents != 0) break;
    eventfd_t ignored = 0;
    (void)eventfd_read(changed.get(), &ignored);
  }
  (void)eventfd_write(stop.get(), 1);
  threads.clear();  // joined
  return {};
}

}  // namespace plasm::client
