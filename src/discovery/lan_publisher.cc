#include "discovery/lan_publisher.h"

#include <unistd.h>

#include <array>
#include <utility>
#include <vector>

#include "discovery/browse_line.h"

namespace plasm::discovery {

Result<LanPublisher> LanPublisher::Start(const LanService& service) {
  const auto program = FindSystemProgram("avahi-publish");
  if (!program) {
    return Error{ErrorCode::kNotFound,
                 program.error().message + ": install avahi-utils to be found on this network"};
  }
  std::vector<std::string> args{"--service",
                                "--no-fail",
                                "--",
                                ServiceName(service.name),
                                std::string(kServiceType),
                                std::to_string(service.port)};
  for (std::string& text : ServiceText(service.identity, service.version)) {
    args.push_back(std::move(text));
  }
  PLASM_TRY(ChildProcess child, ChildProcess::Start(*program, args));
  return LanPublisher(std::move(child));
}

std::string LanPublisher::Ended() {
  // It says little; what it says is let go.
  std::array<char, 512> ignored;
  ssize_t count = 0;
  while ((count = read(child_.output(), ignored.data(), ignored.size())) > 0) {
  }
  return count == 0 ? "avahi-publish " + child_.WaitForEnd() : "";
}

}  // namespace plasm::discovery
