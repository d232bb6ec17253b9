// The guest's standard streams, as whoever embeds the WASI layer provides them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace plasm::wasi {

enum class OutputStream { kStdout, kStderr };

// Called only from the thread that runs the guest.
class Streams {
 public:
  virtual ~Streams() = default;

  // Fills `buffer` from stdin and returns how many bytes it holds now. A short count is
  // allowed; zero means end of input, and every later call returns zero too. May block.
  virtual std::size_t Read(std::span<std::byte> buffer) noexcept = 0;

  // Waits until Read() would not block, at most `timeout_ns`. Asked only under kLive.
  virtual bool WaitReadable(std::uint64_t timeout_ns) noexcept = 0;

  // Takes all of `bytes`. The output limit has been enforced before.
  virtual void Write(OutputStream stream, ByteView bytes) noexcept = 0;
};

}  // namespace plasm::wasi
