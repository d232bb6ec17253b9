// Opening a path.
#include "wasi/access.h"
#include "wasi/calls.h"

namespace plasm::wasi::calls {
namespace {

struct Opening {
  std::uint32_t flags;  // oflags
  rights::Mask base;    // asked for
  std::uint32_t fd_flags;
  bool creates() const { return flags & oflags::kCreat; }
  bool truncates() const { return flags & oflags::kTrunc; }
  bool exclusive() const { return creates() && (flags & oflags::kExcl); }
  bool wants_directory() const { return flags & oflags::kDirectory; }
};

rights::Mask NeededOfDirectory(const Opening& opening) {
  rights::Mask needed = rights::kPathOpen;
  if (opening.creates()) needed |= rights::kPathCreateFile;
  if (opening.truncates()) needed |= rights::kPathFilestatSetSize;
  if (opening.fd_flags & fdflags::kDsync) needed |= rights::kFdDatasync;
  if (opening.fd_flags & (fdflags::kRsync | fdflags::kSync)) needed |= rights::kFdSync;
  return needed;
}

// Reading, writing and resizing are granted as asked for; whatever else the kind of file
// allows is granted too, as programs are used to from hosts that do not check it.
rights::Mask Granted(const Opening& opening, const Descriptor& from) {
  rights::Mask withheld = rights::kFdRead | rights::kFdWrite;
  if (!(opening.base & rights::kFdWrite)) {
    withheld |= rights::kFdFilestatSetSize | rights::kFdAllocate;
  }
  withheld &= ~opening.base;
  return rights::kOfFile & from.inheriting & ~withheld;
}

// The node to open; it exists on success, made or cut to size as asked for.
ErrnoOr<NodeId> NodeToOpen(Host& host, const Lookup& found, const Opening& opening) {
  FileTree& tree = host.tree();
  if (found.node == kNoNode) {
    if (!opening.creates()) return Errno::kNoent;
    if (found.trailing_slash) return Errno::kIsdir;
    return tree.Create(found.directory, found.name, FileContents(), host.clock().FileTime());
  }
  if (opening.exclusive()) return Errno::kExist;
  const Node& node = tree.at(found.node);
  if (node.link()) return opening.wants_directory() ? Errno::kNotdir : Errno::kLoop;
  if (node.directory()) {
    const bool for_writing =
        opening.creates() || opening.truncates() || (opening.base & rights::kFdWrite);
    if (for_writing) return Errno::kIsdir;
    return found.node;
  }
  if (opening.wants_directory() || found.trailing_slash) return Errno::kNotdir;
  if (opening.truncates()) {
    const Errno error = tree.Resize(found.node, 0, host.clock().FileTime());
    if (error != Errno::kSuccess) return error;
  }
  return found.node;
}

}  // namespace

Errno PathOpen(Host& host, GuestMemory memory, Fd fd, std::uint32_t lookup, Pointer path,
               Size length, std::uint32_t open_flags, std::uint64_t base, std::uint64_t inheriting,
               std::uint32_t fd_flags, Pointer result) noexcept {
  const auto text = PathArgument(memory, path, length);
  if (!text || !memory.Slice(result, sizeof(Fd))) return Errno::kFault;
  if ((lookup & ~lookupflags::kAll) || (open_flags & ~oflags::kAll) ||
      (fd_flags & ~fdflags::kAll) || ((base | inheriting) & ~rights::kAll)) {
    return Errno::kInval;
  }
  const Opening opening{open_flags, base, fd_flags};
  if (opening.wants_directory() && (open_flags & ~oflags::kDirectory)) return Errno::kInval;
  const auto directory = DirectoryAt(host, fd, NeededOfDirectory(opening));
  if (!directory) return directory.error();
  const Descriptor& from = **directory;
  if ((base | inheriting) & ~from.inheriting) return Errno::kNotcapable;
  if (host.descriptors().full()) return Errno::kMfile;

  FinalLink final_link = FinalLink::kFollowIfSlash;
  if (lookup & lookupflags::kSymlinkFollow) final_link = FinalLink::kFollow;
  if (opening.exclusive()) final_link = FinalLink::kKeep;
  const auto found = LookUp(host, from, *text, final_link);
  if (!found) return found.error();
  const auto node = NodeToOpen(host, *found, opening);
  if (!node) return node.error();

  Descriptor opened{.flags = static_cast<std::uint16_t>(fd_flags), .node = *node};
  if (host.tree().at(*node).directory()) {
    opened.kind = Descriptor::Kind::kDirectory;
    opened.base = rights::kOfDirectory & from.inheriting;
    opened.inheriting = from.inheriting;
  } else {
    opened.kind = Descriptor::Kind::kFile;
    opened.base = Granted(opening, from);
  }
  host.tree().Open(*node);
  memory.Store(result, host.descriptors().Add(opened));
  return Errno::kSuccess;
}

}  // namespace plasm::wasi::calls
