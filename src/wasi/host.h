// One guest's view of the world: the state behind every WASI preview1 call.
// Follows spec/profile-det-1.md. Does no input or output of its own: stdin and output go
// through Streams, real time and randomness (profile `live` only) through Clock and Entropy.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "wasi/file_tree.h"
#include "wasi/streams.h"

namespace plasm::wasi {

enum class Profile : std::uint8_t { kDet1, kLive };

struct HostLimits {
  std::uint64_t output_bytes = 64ull << 20;  // stdout and stderr together
  std::uint64_t file_bytes = 1ull << 30;     // contents of all files, inputs included
  std::uint32_t file_nodes = 1u << 20;       // files, folders and links, inputs included
  std::uint32_t open_descriptors = 1024;
};

struct HostConfig {
  Profile profile = Profile::kDet1;
  std::vector<std::string> args;  // args[0] is the program's name
  std::vector<std::string> env;   // "KEY=value"
  std::uint64_t start_time_ns = 0;  // of the realtime clock, since the Unix epoch
  std::array<std::byte, 32> seed{};  // of random_get under kDet1
  HostLimits limits;
};

// Not thread-safe. Streams, Clock and Entropy must outlive it.
class Host {
 public:
  // `tree` brings the preopened folders (FileTree::AddPreopen); they become descriptors
  // 3, 4, … in the order in which they were added.
  Host(HostConfig config, FileTree tree, Streams& streams, Clock& clock, Entropy& entropy);
};

}  // namespace plasm::wasi
