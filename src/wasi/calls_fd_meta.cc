// Descriptors themselves: closing, renumbering, flags, rights, what they refer to.
#include <cstring>

#include "wasi/access.h"
#include "wasi/calls.h"
#include "wasi/filestat.h"
#include "wasi/record.h"

namespace plasm::wasi::calls {
namespace {

Filetype TypeOf(const Descriptor& descriptor) {
  switch (descriptor.kind) {
    case Descriptor::Kind::kFile:
      return Filetype::kRegularFile;
    case Descriptor::Kind::kDirectory:
      return Filetype::kDirectory;
    default:
      return Filetype::kUnknown;
  }
}

}  // namespace

Errno FdClose(Host& host, GuestMemory, Fd fd) noexcept {
  if (!host.descriptors().Get(fd)) return Errno::kBadf;
  host.CloseDescriptor(fd);
  return Errno::kSuccess;
}

Errno FdRenumber(Host& host, GuestMemory, Fd from, Fd to) noexcept {
  if (!host.descriptors().Get(from) || !host.descriptors().Get(to)) return Errno::kBadf;
  if (from == to) return Errno::kSuccess;
  const Descriptor moved = *host.descriptors().Get(from);
  host.CloseDescriptor(to);
  host.descriptors().Reopen(to, moved);
  host.descriptors().Remove(from);
  return Errno::kSuccess;
}

Errno FdFdstatGet(Host& host, GuestMemory memory, Fd fd, Pointer result) noexcept {
  constexpr std::size_t kFdstatSize = 24;
  if (!memory.Slice(result, kFdstatSize)) return Errno::kFault;
  const Descriptor* descriptor = host.descriptors().Get(fd);
  if (!descriptor) return Errno::kBadf;
  Record<kFdstatSize>()
      .Put(0, static_cast<std::uint8_t>(TypeOf(*descriptor)))
      .Put(2, descriptor->flags)
      .Put(8, descriptor->base)
      .Put(16, descriptor->inheriting)
      .Store(memory, result);
  return Errno::kSuccess;
}

Errno FdFdstatSetFlags(Host& host, GuestMemory, Fd fd, std::uint32_t flags) noexcept {
  if (flags & ~fdflags::kAll) return Errno::kInval;
  Descriptor* descriptor = host.descriptors().Get(fd);
  if (!descriptor || descriptor->kind == Descriptor::Kind::kDirectory) return Errno::kBadf;
  if (!(descriptor->base & rights::kFdFdstatSetFlags)) return Errno::kNotcapable;
  if ((flags ^ descriptor->flags) & fdflags::kAnySync) return Errno::kInval;
  descriptor->flags = static_cast<std::uint16_t>(flags);
  return Errno::kSuccess;
}

Errno FdFdstatSetRights(Host& host, GuestMemory, Fd fd, std::uint64_t base,
                        std::uint64_t inheriting) noexcept {
  if ((base | inheriting) & ~rights::kAll) return Errno::kInval;
  Descriptor* descriptor = host.descriptors().Get(fd);
  if (!descriptor) return Errno::kBadf;
  if ((base & ~descriptor->base) || (inheriting & ~descriptor->inheriting)) {
    return Errno::kNotcapable;
  }
  descriptor->base = base;
  descriptor->inheriting = inheriting;
  return Errno::kSuccess;
}

Errno FdFilestatGet(Host& host, GuestMemory memory, Fd fd, Pointer result) noexcept {
  if (!memory.Slice(result, kFilestatSize)) return Errno::kFault;
  const Descriptor* descriptor = host.descriptors().Get(fd);
  if (!descriptor) return Errno::kBadf;
  if (!(descriptor->base & rights::kFdFilestatGet)) return Errno::kNotcapable;
  if (descriptor->IsStream()) {
    const auto stream = static_cast<std::uint64_t>(descriptor->kind) -
                        static_cast<std::uint64_t>(Descriptor::Kind::kStdin) + 1;
    StoreStreamFilestat(memory, result, stream, host.start_time());
  } else {
    StoreFilestat(memory, result, host.tree().at(descriptor->node));
  }
  return Errno::kSuccess;
}

Errno FdPrestatGet(Host& host, GuestMemory memory, Fd fd, Pointer result) noexcept {
  constexpr std::size_t kPrestatSize = 8;
  constexpr std::uint8_t kPreopenedFolder = 0;
  if (!memory.Slice(result, kPrestatSize)) return Errno::kFault;
  const Descriptor* descriptor = host.descriptors().Get(fd);
  if (!descriptor || descriptor->preopen == Descriptor::kNotPreopened) return Errno::kBadf;
  const std::string_view path = host.tree().preopen_path(descriptor->preopen);
  Record<kPrestatSize>()
      .Put(0, kPreopenedFolder)
      .Put(4, static_cast<Size>(path.size()))
      .Store(memory, result);
  return Errno::kSuccess;
}

Errno FdPrestatDirName(Host& host, GuestMemory memory, Fd fd, Pointer path, Size length) noexcept {
  const auto out = memory.Slice(path, length);
  if (!out) return Errno::kFault;
  const Descriptor* descriptor = host.descriptors().Get(fd);
  if (!descriptor) return Errno::kBadf;
  if (descriptor->preopen == Descriptor::kNotPreopened) return Errno::kNotdir;
  const std::string_view name = host.tree().preopen_path(descriptor->preopen);
  if (name.size() > length) return Errno::kNametoolong;
  std::memcpy(out->data(), name.data(), name.size());
  return Errno::kSuccess;
}

}  // namespace plasm::wasi::calls
