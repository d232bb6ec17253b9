// The DHT itself: libtorrent's, without torrents.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "discovery/protocol/dht_command.h"
#include "discovery/protocol/dht_event.h"
#include "flags.h"

namespace plasm::dht {

// One thread at a time; libtorrent has a thread of its own, which parses what strangers send.
class Session {
 public:
  // Opens no socket yet.
  explicit Session(const Flags& flags);
  ~Session();

  // Readable when events may have come.
  int wake_fd() const;

  // Opens the sockets. `ready` comes as an event.
  void Join();

  // Goes to the bootstrap nodes as long as nobody is known; does nothing before DueNs(), which is
  // the end of time while the sockets are not open. `joined` comes as an event.
  void LookAround(std::uint64_t now_ns);
  std::uint64_t DueNs() const;

  // What can't be carried out is answered by an event.
  void Do(const discovery::DhtCommand& command);

  // What has happened since; kUnavailable when an address to listen on can't be had.
  Result<std::vector<discovery::DhtEvent>> Events();

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace plasm::dht
