// What is done to an open file other than reading and writing it.
#include <cstdint>
#include <limits>

#include "wasi/access.h"
#include "wasi/calls.h"
#include "wasi/filestat.h"

namespace plasm::wasi::calls {
namespace {

constexpr std::uint64_t kMaxOffset = std::numeric_limits<std::int64_t>::max();

Errno Sync(Host& host, Fd fd, rights::Mask needed) {
  const Descriptor* descriptor = host.descriptors().Get(fd);
  if (!descriptor) return Errno::kBadf;
  if (descriptor->IsStream()) return Errno::kInval;
  return descriptor->base & needed ? Errno::kSuccess : Errno::kNotcapable;
}

// The rights to change a file's size come with writing. A descriptor that can do neither
// gets what POSIX says of one that is not open for writing.
ErrnoOr<Descriptor*> ResizableAt(Host& host, Fd fd, rights::Mask needed, Errno not_writable) {
  const auto file = FileAt(host, fd, 0);
  if (!file) return file.error();
  const rights::Mask base = (*file)->base;
  if (base & needed) return *file;
  return base & rights::kFdWrite ? Errno::kNotcapable : not_writable;
}

}  // namespace

Errno FdSeek(Host& host, GuestMemory memory, Fd fd, std::int64_t offset, std::uint32_t whence,
             Pointer result) noexcept {
  if (!memory.Slice(result, 8)) return Errno::kFault;
  constexpr std::uint32_t kCur = 1, kEnd = 2;  // 0 counts from the beginning
  if (whence > kEnd) return Errno::kInval;
  const auto file = FileAt(host, fd, 0, Errno::kSpipe);
  if (!file) return file.error();
  Descriptor& descriptor = **file;
  const bool only_tells = whence == kCur && offset == 0;
  const rights::Mask enough = rights::kFdSeek | (only_tells ? rights::kFdTell : 0);
  if (!(descriptor.base & enough)) return Errno::kNotcapable;
  std::uint64_t from = 0;
  if (whence == kCur) from = descriptor.offset;
  if (whence == kEnd) from = host.tree().at(descriptor.node).size();
  // `from` is at most kMaxOffset, so neither branch wraps around.
  if (offset < 0) {
    const std::uint64_t back = std::uint64_t{0} - static_cast<std::uint64_t>(offset);
    if (back > from) return Errno::kInval;
    descriptor.offset = from - back;
  } else {
    if (static_cast<std::uint64_t>(offset) > kMaxOffset - from) return Errno::kOverflow;
    descriptor.offset = from + static_cast<std::uint64_t>(offset);
  }
  memory.Store(result, descriptor.offset);
  return Errno::kSuccess;
}

Errno FdTell(Host& host, GuestMemory memory, Fd fd, Pointer result) noexcept {
  if (!memory.Slice(result, 8)) return Errno::kFault;
  const auto file = FileAt(host, fd, 0, Errno::kSpipe);
  if (!file) return file.error();
  if (!((*file)->base & (rights::kFdSeek | rights::kFdTell))) return Errno::kNotcapable;
  memory.Store(result, (*file)->offset);
  return Errno::kSuccess;
}

Errno FdAdvise(Host& host, GuestMemory, Fd fd, std::uint64_t offset, std::uint64_t length,
               std::uint32_t advice) noexcept {
  constexpr std::uint32_t kNoreuse = 5;
  if (advice > kNoreuse) return Errno::kInval;
  const auto file = FileAt(host, fd, rights::kFdAdvise);
  if (!file) return file.error();
  if (offset > kMaxOffset || length > kMaxOffset) return Errno::kInval;
  return Errno::kSuccess;
}

Errno FdAllocate(Host& host, GuestMemory, Fd fd, std::uint64_t offset,
                 std::uint64_t length) noexcept {
  const auto file = ResizableAt(host, fd, rights::kFdAllocate, Errno::kBadf);
  if (!file) return file.error();
  if (length == 0 || offset > kMaxOffset || length > kMaxOffset) return Errno::kInval;
  if (length > kMaxOffset - offset) return Errno::kFbig;
  const NodeId node = (*file)->node;
  if (offset + length <= host.tree().at(node).size()) return Errno::kSuccess;
  return host.tree().Resize(node, offset + length, host.clock().FileTime());
}

Errno FdDatasync(Host& host, GuestMemory, Fd fd) noexcept {
  return Sync(host, fd, rights::kFdDatasync | rights::kFdSync);
}

Errno FdSync(Host& host, GuestMemory, Fd fd) noexcept { return Sync(host, fd, rights::kFdSync); }

Errno FdFilestatSetSize(Host& host, GuestMemory, Fd fd, std::uint64_t size) noexcept {
  const auto file = ResizableAt(host, fd, rights::kFdFilestatSetSize, Errno::kInval);
  if (!file) return file.error();
  if (size > kMaxOffset) return Errno::kInval;
  return host.tree().Resize((*file)->node, size, host.clock().FileTime());
}

Errno FdFilestatSetTimes(Host& host, GuestMemory, Fd fd, std::uint64_t accessed,
                         std::uint64_t modified, std::uint32_t flags) noexcept {
  if (const Errno error = CheckTimeFlags(flags); error != Errno::kSuccess) return error;
  const Descriptor* descriptor = host.descriptors().Get(fd);
  if (!descriptor || descriptor->IsStream()) return Errno::kBadf;
  if (!(descriptor->base & rights::kFdFilestatSetTimes)) return Errno::kNotcapable;
  SetTimes(host.tree().at(descriptor->node), accessed, modified, flags, host.clock().FileTime());
  return Errno::kSuccess;
}

}  // namespace plasm::wasi::calls
