// plasm-dht as a child: started, told, listened to, and started again when it dies
// (spec/discovery.md section 4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "discovery/child_process.h"
#include "discovery/protocol/dht_command.h"
#include "discovery/protocol/dht_event.h"
#include "discovery/protocol/lines.h"
#include "discovery/restart_pause.h"

namespace plasm::discovery {

struct DhtSettings {
  std::filesystem::path program;
  std::vector<std::string> listen;     // "address:port"
  std::vector<std::string> bootstrap;  // "host:port"
  bool read_only = false;
  bool map_ports = false;
};

// What it says is taken for hostile: after a line that breaks a rule it is killed, and counts as
// dead. One thread at a time. The clock outlives it. The destructor kills
// the process.
class DhtProcess {
 public:
  DhtProcess(DhtSettings settings, Clock& clock);

  // To be carried out once the process listens. Dropped while there is no process, so that it has
  // to be sent again after the next DhtReady, and when a process takes nothing for too long.
  void Send(const DhtCommand& command);

  // The next event; nothing after `wait_ns`, or as soon as `stop_fd` (-1: none) is readable.
  // Starts the process when it has to.
  std::optional<DhtEvent> Next(std::uint64_t wait_ns, int stop_fd);

  // Why it died last, or could not be started; empty when nothing new has happened.
  std::string TakeFailure();

  std::optional<pid_t> pid() const;

 private:
  static constexpr std::size_t kMostWaitingBytes = 256 << 10;

  void StartIfDue();
  void Died(const std::string& why);
  void Write();
  void Read();
  void Wait(std::uint64_t until_ns, int stop_fd);

  DhtSettings settings_;
  Clock& clock_;
  std::optional<ChildProcess> child_;
  LineSplitter lines_{kMaxEventBytes};
  std::string waiting_;  // commands that have not been written
  RestartPause pause_;
  std::uint64_t started_ns_ = 0;
  std::uint64_t start_due_ns_ = 0;
  std::string failure_;
};

}  // namespace plasm::discovery
