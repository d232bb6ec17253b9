#include "wasi/filestat.h"

#include "wasi/record.h"

namespace plasm::wasi {
namespace {

struct Filestat {
  std::uint64_t device;
  std::uint64_t inode;
  Filetype type;
  std::uint64_t links;
  std::uint64_t size;
  Timestamp accessed;
  Timestamp modified;
  Timestamp changed;
};

void Store(GuestMemory memory, Pointer at, const Filestat& stat) {
  Record<kFilestatSize>()
      .Put(0, stat.device)
      .Put(8, stat.inode)
      .Put(16, static_cast<std::uint8_t>(stat.type))
      .Put(24, stat.links)
      .Put(32, stat.size)
      .Put(40, stat.accessed)
      .Put(48, stat.modified)
      .Put(56, stat.changed)
      .Store(memory, at);
}

}  // namespace

void StoreFilestat(GuestMemory memory, Pointer at, const Node& node) {
  Store(memory, at,
        {.device = kTreeDevice,
         .inode = node.inode,
         .type = node.type(),
         .links = node.links,
         .size = node.size(),
         .accessed = node.accessed,
         .modified = node.modified,
         .changed = node.changed});
}

void StoreStreamFilestat(GuestMemory memory, Pointer at, std::uint64_t stream, Timestamp start) {
  Store(memory, at,
        {.device = kStreamDevice,
         .inode = stream,
         .type = Filetype::kUnknown,
         .links = 1,
         .size = 0,
         .accessed = start,
         .modified = start,
         .changed = start});
}

Errno CheckTimeFlags(std::uint32_t flags) {
  constexpr std::uint32_t kBothAtim = fstflags::kAtim | fstflags::kAtimNow;
  constexpr std::uint32_t kBothMtim = fstflags::kMtim | fstflags::kMtimNow;
  if (flags & ~fstflags::kAll) return Errno::kInval;
  if ((flags & kBothAtim) == kBothAtim || (flags & kBothMtim) == kBothMtim) return Errno::kInval;
  return Errno::kSuccess;
}

void SetTimes(Node& node, Timestamp accessed, Timestamp modified, std::uint32_t flags,
              Timestamp now) {
  if (flags & fstflags::kAtim) node.accessed = accessed;
  if (flags & fstflags::kAtimNow) node.accessed = now;
  if (flags & fstflags::kMtim) node.modified = modified;
  if (flags & fstflags::kMtimNow) node.modified = now;
  if (flags != 0) node.changed = now;
}

}  // namespace plasm::wasi
