// The filestat structure and the changing of file times, as fd_ and path_ calls share them.
#pragma once

#include <cstdint>

#include "wasi/errno.h"
#include "wasi/guest_memory.h"
#include "wasi/node.h"
#include "wasi/types.h"

namespace plasm::wasi {

inline constexpr std::uint64_t kFilestatSize = 64;

inline constexpr std::uint64_t kTreeDevice = 1;
inline constexpr std::uint64_t kStreamDevice = 2;

// The structure's memory has been checked.
void StoreFilestat(GuestMemory memory, Pointer at, const Node& node);
// Of stdin, stdout or stderr; `stream` is 1, 2 or 3 and becomes the inode.
void StoreStreamFilestat(GuestMemory memory, Pointer at, std::uint64_t stream, Timestamp start);

// kInval for unknown flags, or when a time is to be both given and now.
Errno CheckTimeFlags(std::uint32_t flags);
// What the checked flags ask for.
void SetTimes(Node& node, Timestamp accessed, Timestamp modified, std::uint32_t flags,
              Timestamp now);

}  // namespace plasm::wasi
