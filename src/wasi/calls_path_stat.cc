// Looking at what a path names.
#include <algorithm>
#include <cstring>

#include "wasi/access.h"
#include "wasi/calls.h"
#include "wasi/filestat.h"

namespace plasm::wasi::calls {
namespace {

FinalLink AsAsked(std::uint32_t lookup) {
  return lookup & lookupflags::kSymlinkFollow ? FinalLink::kFollow : FinalLink::kFollowIfSlash;
}

ErrnoOr<NodeId> NodeAt(Host& host, const Descriptor& directory, std::string_view path,
                       FinalLink final_link) {
  const auto found = LookUp(host, directory, path, final_link);
  if (!found) return found.error();
  return Existing(host, *found);
}

}  // namespace

Errno PathFilestatGet(Host& host, GuestMemory memory, Fd fd, std::uint32_t lookup, Pointer path,
                      Size length, Pointer result) noexcept {
  const auto text = PathArgument(memory, path, length);
  if (!text || !memory.Slice(result, kFilestatSize)) return Errno::kFault;
  if (lookup & ~lookupflags::kAll) return Errno::kInval;
  const auto directory = DirectoryAt(host, fd, rights::kPathFilestatGet);
  if (!directory) return directory.error();
  const auto node = NodeAt(host, **directory, *text, AsAsked(lookup));
  if (!node) return node.error();
  StoreFilestat(memory, result, host.tree().at(*node));
  return Errno::kSuccess;
}

Errno PathFilestatSetTimes(Host& host, GuestMemory memory, Fd fd, std::uint32_t lookup,
                           Pointer path, Size length, std::uint64_t accessed,
                           std::uint64_t modified, std::uint32_t flags) noexcept {
  const auto text = PathArgument(memory, path, length);
  if (!text) return Errno::kFault;
  if (lookup & ~lookupflags::kAll) return Errno::kInval;
  if (const Errno error = CheckTimeFlags(flags); error != Errno::kSuccess) return error;
  const auto directory = DirectoryAt(host, fd, rights::kPathFilestatSetTimes);
  if (!directory) return directory.error();
  const auto node = NodeAt(host, **directory, *text, AsAsked(lookup));
  if (!node) return node.error();
  SetTimes(host.tree().at(*node), accessed, modified, flags, host.clock().FileTime());
  return Errno::kSuccess;
}

Errno PathReadlink(Host& host, GuestMemory memory, Fd fd, Pointer path, Size length, Pointer buffer,
                   Size buffer_length, Pointer result) noexcept {
  const auto text = PathArgument(memory, path, length);
  const auto out = memory.Slice(buffer, buffer_length);
  if (!text || !out || !memory.Slice(result, sizeof(Size))) return Errno::kFault;
  const auto directory = DirectoryAt(host, fd, rights::kPathReadlink);
  if (!directory) return directory.error();
  const auto node = NodeAt(host, **directory, *text, FinalLink::kFollowIfSlash);
  if (!node) return node.error();
  const SymbolicLink* link = host.tree().at(*node).link();
  if (!link) return Errno::kInval;
  const std::size_t count = std::min<std::size_t>(link->target.size(), out->size());
  if (count > 0) std::memcpy(out->data(), link->target.data(), count);
  memory.Store(result, static_cast<Size>(count));
  return Errno::kSuccess;
}

}  // namespace plasm::wasi::calls
