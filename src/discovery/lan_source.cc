#include "discovery/lan_source.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "base/system_error.h"
#include "discovery/browse_line.h"
#include "discovery/child_process.h"
#include "discovery/protocol/lines.h"

namespace plasm::discovery {

Result<void> LanSource::Find(const Query&, const HintSink& sink, int stop_fd) {
  const auto program = FindSystemProgram("avahi-browse");
  if (!program) {
    return Error{ErrorCode::kNotFound,
                 program.error().message + ": install avahi-utils to find nodes on this network"};
  }
  // Ends by itself when the network has said what it knows.
  PLASM_TRY(ChildProcess child,
            ChildProcess::Start(*program, {"--parsable", "--resolve", "--terminate",
                                           "--no-db-lookup", std::string(kServiceType)}));
  LineSplitter lines(kMaxBrowseLineBytes);
  while (true) {
    std::array<pollfd, 2> polled{{{stop_fd, POLLIN, 0}, {child.output(), POLLIN, 0}}};
    if (poll(polled.data(), polled.size(), -1) < 0 && errno != EINTR) {
      return SystemError(errno, "poll");
    }
    if (polled[0].revents != 0) return {};
    if (polled[1].revents == 0) continue;
    std::array<std::byte, 16 << 10> buffer;
    const ssize_t count = read(child.output(), buffer.data(), buffer.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) break;
    lines.Feed(ByteView(buffer).first(static_cast<std::size_t>(count)));
    while (true) {
      PLASM_TRY(const auto line, lines.Next());
      if (!line) break;
      if (const auto hint = ParseBrowseLine(*line)) sink(*hint);
    }
  }
  // It has closed its output and is about to end by itself: with 0 when all went well.
  const std::string how = child.WaitForEnd();
  if (how == ChildProcess::kEndedWell) return {};
  return Error{ErrorCode::kUnavailable,
               "avahi-browse " + how + ". Does avahi-daemon run on this machine?"};
}

}  // namespace plasm::discovery
