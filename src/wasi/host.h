// One guest's view of the world: the state behind every WASI preview1 call.
// Follows spec/profile-det-1.md. Does no input or output of its own: stdin and output go
// through Streams, real time and randomness (profile `live` only) through Clock and Entropy.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "wasi/chacha20.h"
#include "wasi/descriptor_table.h"
#include "wasi/file_tree.h"
#include "wasi/guest_clock.h"
#include "wasi/profile.h"
#include "wasi/streams.h"

namespace plasm::wasi {

struct HostLimits {
  std::uint64_t output_bytes = 64ull << 20;  // stdout and stderr together
  std::uint64_t file_bytes = 1ull << 30;     // contents of all files, inputs included
  std::uint32_t file_nodes = 1u << 20;       // files, folders and links, inputs included
  std::uint32_t open_descriptors = 1024;
};

struct HostConfig {
  Profile profile = Profile::kDet1;
  std::vector<std::string> args;     // args[0] is the program's name; no NUL inside
  std::vector<std::string> env;      // "KEY=value"; no NUL inside
  std::uint64_t start_time_ns = 0;   // of the realtime clock, since the Unix epoch
  std::array<std::byte, 32> seed{};  // of random_get under kDet1
  HostLimits limits;
};

// Not thread-safe. Streams, Clock and Entropy must outlive it.
class Host {
 public:
  // `tree` brings the preopened folders (FileTree::AddPreopen); they become descriptors
  // 3, 4, … in the order in which they were added.
  Host(HostConfig config, FileTree tree, Streams& streams, Clock& clock, Entropy& entropy);

  // What the guest has made of the file tree.
  FileTree& tree() { return tree_; }
  // Bytes that the guest has written to stdout and stderr so far.
  std::uint64_t output_bytes() const { return output_bytes_; }

  // ---- For the host calls -----------------------------------------------------------------

  Profile profile() const { return config_.profile; }
  const std::vector<std::string>& args() const { return config_.args; }
  const std::vector<std::string>& env() const { return config_.env; }
  Timestamp start_time() const { return config_.start_time_ns; }
  DescriptorTable& descriptors() { return descriptors_; }
  GuestClock& clock() { return clock_; }
  Streams& streams() { return *streams_; }

  void FillRandom(std::span<std::byte> out);

  // Passes on what the output limit leaves room for; false when that was not all.
  bool WriteOutput(OutputStream stream, ByteView bytes);

  // Closes an open descriptor and lets go of what it refers to.
  void CloseDescriptor(Fd fd);

 private:
  HostConfig config_;
  FileTree tree_;
  DescriptorTable descriptors_;
  GuestClock clock_;
  ChaCha20 random_;
  Streams* streams_;
  Entropy* entropy_;
  std::uint64_t output_bytes_ = 0;
};

}  // namespace plasm::wasi
