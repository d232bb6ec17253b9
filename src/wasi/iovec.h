// The scatter and gather lists of reads and writes.
#pragma once

#include <cstdint>
#include <span>

#include "wasi/errno.h"
#include "wasi/guest_memory.h"
#include "wasi/types.h"

namespace plasm::wasi {

class IoVectors {
 public:
  // Checks that the list and every buffer lie in memory (else kFault) and that the buffers
  // together have fewer than 2^32 bytes (else kInval). Takes no memory, whatever `count` is.
  static ErrnoOr<IoVectors> Parse(GuestMemory memory, Pointer list, Size count);

  Size count() const { return count_; }
  std::uint64_t total() const { return total_; }

  // Buffer `index` as the list says now: what is read into one buffer may have changed the
  // list. Empty when it no longer lies in memory.
  std::span<std::byte> at(Size index) const;

 private:
  IoVectors(GuestMemory memory, Pointer list, Size count)
      : memory_(memory), list_(list), count_(count) {}

  GuestMemory memory_;
  Pointer list_;
  Size count_;
  std::uint64_t total_ = 0;
};

}  // namespace plasm::wasi
