// Takes from plasm-dht what it does not need.
#pragma once

#include "base/result.h"

namespace plasm::dht {

enum class Network {
  kDatagrams,       // UDP alone
  kTalksToRouters,  // and TCP, which UPnP needs, and names of interfaces, which NAT-PMP needs
};

// After set-up and before the first byte from a stranger. Irreversible; covers every thread. No
// file can be opened and no program started after it: a call that is not in the list in
// confinement.cc fails with EPERM, and one that only an attacker makes ends the process.
Result<void> Confine(Network network);

}  // namespace plasm::dht
