// The command line of plasm-dht (spec/discovery.md section 4).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "discovery/protocol/peer_address.h"

namespace plasm::dht {

struct Flags {
  std::vector<std::string> listen;  // "address:port", in brackets for IPv6; port 0 is any
  std::vector<discovery::PeerAddress> bootstrap;
  bool read_only = false;
  bool map_ports = false;
};

// Looks up the names of bootstrap nodes, which may take as long as the system's resolver does; a
// name that is not found is passed over. kInvalid naming the flag.
Result<Flags> ParseFlags(std::span<char* const> words);

}  // namespace plasm::dht
