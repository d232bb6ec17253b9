// plasm-dht: speaks to the DHT for plasmd and plasm, so that what strangers send is parsed where
// no key is. Commands come in on standard input, events go out on standard output
// (spec/discovery.md section 4).
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <span>
#include <string>

#include "base/clock.h"
#include "base/file.h"
#include "base/system_error.h"
#include "command_queue.h"
#include "confinement.h"
#include "discovery/protocol/dht_command.h"
#include "discovery/protocol/dht_event.h"
#include "discovery/protocol/lines.h"
#include "flags.h"
#include "session.h"

namespace plasm::dht {
namespace {

enum Exit : int { kOk = 0, kFailed = 1, kUsage = 2 };

Result<void> Say(const discovery::DhtEvent& event) {
  return WriteAll(STDOUT_FILENO, AsBytes(discovery::SerializeDhtEvent(event)), "standard output");
}

// Takes what is there to read. False at its end.
Result<bool> ReadCommands(discovery::LineSplitter& lines, CommandQueue& queue) {
  std::array<std::byte, 16 << 10> buffer;
  const ssize_t count = read(STDIN_FILENO, buffer.data(), buffer.size());
  if (count < 0 && errno == EINTR) return true;
  if (count < 0) return SystemError(errno, "standard input");
  if (count == 0) return false;
  lines.Feed(ByteView(buffer).first(static_cast<std::size_t>(count)));
  while (true) {
    PLASM_TRY(const auto line, lines.Next());
    if (!line) return true;
    auto command = discovery::ParseDhtCommand(AsBytes(*line));
    if (command) {
      queue.Add(*std::move(command));
    } else {
      PLASM_TRY_VOID(Say(discovery::CommandRefused{
          command.error().message.substr(0, discovery::kMaxMessageBytes / 2)}));
    }
  }
}

// What poll() takes: rounded up, and -1 for no end.
int WaitMs(std::uint64_t due_ns, std::uint64_t now_ns) {
  if (due_ns == UINT64_MAX) return -1;
  constexpr std::uint64_t kMs = 1'000'000;
  constexpr std::uint64_t kMost = 60'000;
  return due_ns <= now_ns ? 0
                          : static_cast<int>(std::min((due_ns - now_ns + kMs - 1) / kMs, kMost));
}

Result<void> Work(Session& session, Clock& clock) {
  discovery::LineSplitter lines(discovery::kMaxCommandBytes);
  CommandQueue queue;
  bool ready = false;
  while (true) {
    // Whoever sends more than the DHT can take waits; and a command before the sockets are open
    // would be lost.
    const bool reads = ready && !queue.IsFull();
    std::array<pollfd, 2> polled{
        {{reads ? STDIN_FILENO : -1, POLLIN, 0}, {session.wake_fd(), POLLIN, 0}}};
    const std::uint64_t due_ns = std::min(queue.DueNs(), session.DueNs());
    if (poll(polled.data(), polled.size(), WaitMs(due_ns, clock.MonotonicNs())) < 0 &&
        errno != EINTR) {
      return SystemError(errno, "poll");
    }
    if (polled[0].revents != 0) {
      PLASM_TRY(const bool more, ReadCommands(lines, queue));
      if (!more) return {};
    }
    if (const auto command = queue.Take(clock.MonotonicNs())) session.Do(*command);
    session.LookAround(clock.MonotonicNs());
    PLASM_TRY(const auto events, session.Events());
    for (const discovery::DhtEvent& event : events) {
      ready = ready || std::holds_alternative<discovery::DhtReady>(event);
      PLASM_TRY_VOID(Say(event));
    }
  }
}

int Main(std::span<char* const> words) {
  const auto complain = [](const Error& error) {
    std::fprintf(stderr, "plasm-dht: %s\n", error.message.c_str());
  };
  const auto flags = ParseFlags(words);
  if (!flags) return complain(flags.error()), kUsage;
  signal(SIGPIPE, SIG_IGN);
  SystemClock clock;
  Session session(*flags);
  if (const auto confined =
          Confine(flags->map_ports ? Network::kTalksToRouters : Network::kDatagrams);
      !confined) {
    return complain(confined.error()), kFailed;
  }
  session.Join();
  const auto worked = Work(session, clock);
  if (!worked) complain(worked.error());
  // Without the courtesies of an orderly end, which take the library seconds: others notice.
  std::fflush(stderr);
  _exit(worked ? kOk : kFailed);
}

}  // namespace
}  // namespace plasm::dht

int main(int argc, char** argv) {
  return plasm::dht::Main(
      std::span(argv, static_cast<std::size_t>(argc)).subspan(argc > 0 ? 1 : 0));
}
