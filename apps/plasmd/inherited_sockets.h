// Sockets that were opened for this process (sd_listen_fds(3)).
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "net/listener.h"

namespace plasm::app {

// How many descriptors from 3 on were handed over: LISTEN_FDS, when LISTEN_PID is this process. Not
// more than 64; kInvalid for values that are none. Pure.
Result<unsigned> InheritedCount(const char* listen_fds, const char* listen_pid,
                                std::uint64_t own_pid);

// Takes them over. Once.
Result<std::vector<net::Listener>> TakeInherited(unsigned count);

}  // namespace plasm::app
