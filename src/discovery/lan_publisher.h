// Keeps a node known on the local network, by way of Avahi (spec/discovery.md section 5).
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "crypto/ed25519.h"
#include "discovery/child_process.h"

namespace plasm::discovery {

struct LanService {
  std::string name;  // of the card
  std::uint16_t port = 0;
  crypto::PublicKey identity;
  std::uint64_t version = 1;  // of the card
};

// Runs avahi-publish, which waits for its daemon where that does not run yet. The service goes
// with this object.
class LanPublisher {
 public:
  // kNotFound when avahi-publish is not installed.
  static Result<LanPublisher> Start(const LanService& service);

  // Why it has ended by itself; empty as long as it has not.
  std::string Ended();

 private:
  explicit LanPublisher(ChildProcess child) : child_(std::move(child)) {}
  ChildProcess child_;
};

}  // namespace plasm::discovery
