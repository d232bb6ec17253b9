#include "discovery/dht_process.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/system_error.h"

namespace plasm::discovery {
namespace {

constexpr std::uint64_t kNsOfMs = 1'000'000;
constexpr std::uint64_t kLongestPollMs = 60'000;

std::vector<std::string> ArgumentsOf(const DhtSettings& settings) {
  std::vector<std::string> args;
  for (const std::string& address : settings.listen) args.insert(args.end(), {"--listen", address});
  for (const std::string& node : settings.bootstrap) args.insert(args.end(), {"--bootstrap", node});
  if (settings.read_only) args.emplace_back("--read-only");
  if (settings.map_ports) args.emplace_back("--map-ports");
  return args;
}

}  // namespace

DhtProcess::DhtProcess(DhtSettings settings, Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {}

void DhtProcess::Send(const DhtCommand& command) {
  if (!child_) return;
  const std::string line = SerializeDhtCommand(command);
  if (waiting_.size() + line.size() > kMostWaitingBytes) {
    return Died("takes no commands");
  }
  waiting_ += line;
  Write();
}

void DhtProcess::StartIfDue() {
  const std::uint64_t now_ns = clock_.MonotonicNs();
  if (child_ || now_ns < start_due_ns_) return;
  auto started = ChildProcess::Start(settings_.program, ArgumentsOf(settings_));
  started_ns_ = now_ns;
  if (!started) return Died(started.error().message);
  child_ = *std::move(started);
}

void DhtProcess::Died(const std::string& why) {
  failure_ = "plasm-dht: " + why;
  if (child_) failure_ += "; " + child_->Kill();
  child_.reset();
  lines_ = LineSplitter(kMaxEventBytes);
  waiting_.clear();
  const std::uint64_t now_ns = clock_.MonotonicNs();
  start_due_ns_ = now_ns + pause_.After(now_ns - started_ns_);
}

void DhtProcess::Write() {
  while (child_ && !waiting_.empty()) {
    const ssize_t count = send(child_->input(), waiting_.data(), waiting_.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count < 0) return Died(SystemError(errno, "its standard input").message);
    waiting_.erase(0, static_cast<std::size_t>(count));
  }
}

void DhtProcess::Read() {
  std::array<std::byte, 16 << 10> buffer;
  const ssize_t count = read(child_->output(), buffer.data(), buffer.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (count < 0) return Died(SystemError(errno, "its standard output").message);
  if (count == 0) return Died("ended");
  lines_.Feed(ByteView(buffer).first(static_cast<std::size_t>(count)));
}

void DhtProcess::Wait(std::uint64_t until_ns, int stop_fd) {
  if (!child_) until_ns = std::min(until_ns, start_due_ns_);
  const std::uint64_t now_ns = clock_.MonotonicNs();
  const std::uint64_t wait_ms =
      until_ns <= now_ns ? 0
                         : std::min((until_ns - now_ns + kNsOfMs - 1) / kNsOfMs, kLongestPollMs);
  std::array<pollfd, 3> polled{{{stop_fd, POLLIN, 0},
                                {child_ ? child_->output() : -1, POLLIN, 0},
                                {child_ && !waiting_.empty() ? child_->input() : -1, POLLOUT, 0}}};
  if (poll(polled.data(), polled.size(), static_cast<int>(wait_ms)) <= 0) return;
  if (polled[2].revents != 0) Write();
  if (child_ && polled[1].revents != 0) Read();
}

std::optional<DhtEvent> DhtProcess::Next(std::uint64_t wait_ns, int stop_fd) {
  const std::uint64_t now_ns = clock_.MonotonicNs();
  const std::uint64_t until_ns = wait_ns > UINT64_MAX - now_ns ? UINT64_MAX : now_ns + wait_ns;
  while (true) {
    StartIfDue();
    const auto line = lines_.Next();
    if (!line) {
      Died(line.error().message);
    } else if (*line) {
      auto event = ParseDhtEvent(AsBytes(**line));
      if (event) return *std::move(event);
      Died(event.error().message);
    }
    pollfd stop{stop_fd, POLLIN, 0};
    if (stop_fd >= 0 && poll(&stop, 1, 0) > 0) return std::nullopt;
    if (clock_.MonotonicNs() >= until_ns) return std::nullopt;
    Wait(until_ns, stop_fd);
  }
}

std::string DhtProcess::TakeFailure() { return std::exchange(failure_, {}); }

std::optional<pid_t> DhtProcess::pid() const {
  return child_ ? std::optional(child_->pid()) : std::nullopt;
}

}  // namespace plasm::discovery
