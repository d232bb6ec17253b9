// Who asks a node for something, as far as its jobs are concerned.
#pragma once

#include <cstdint>
#include <string>

namespace plasm::jobs {

// What one client may have at a time.
struct Quota {
  std::uint32_t unfinished = 10'000;  // jobs that are queued or running
  std::uint32_t running = 256;        // of them, in a worker
};

struct Client {
  std::string name;  // a key's fingerprint, "uid:1000", "token:<name>": the same every time
  // Those of one share have quota and turn in the queue together; empty: the client alone.
  std::string share{};
  bool sees_others = false;
  bool may_run_live = true;  // jobs of the profile `live`
  Quota quota{};

  const std::string& Share() const { return share.empty() ? name : share; }
};

}  // namespace plasm::jobs
