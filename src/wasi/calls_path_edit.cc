// Making, removing and moving names.
#include <string>

#include "wasi/access.h"
#include "wasi/calls.h"

namespace plasm::wasi::calls {
namespace {

// What may replace what at the end of a rename, as POSIX orders it.
Errno CheckReplacement(const FileTree& tree, const Lookup& from, const Lookup& to) {
  const bool folder = tree.at(from.node).directory();
  if (folder && tree.IsWithin(to.directory, from.node)) return Errno::kInval;
  if (to.node == kNoNode) return Errno::kSuccess;
  const Directory* replaced = tree.at(to.node).directory();
  if (folder && !replaced) return Errno::kNotdir;
  if (!folder && replaced) return Errno::kIsdir;
  if (replaced && !replaced->empty()) return Errno::kNotempty;
  return Errno::kSuccess;
}

}  // namespace

Errno PathCreateDirectory(Host& host, GuestMemory memory, Fd fd, Pointer path,
                          Size length) noexcept {
  const auto text = PathArgument(memory, path, length);
  if (!text) return text.error();
  const auto directory = DirectoryAt(host, fd, rights::kPathCreateDirectory);
  if (!directory) return directory.error();
  const auto found = LookUp(host, **directory, *text, FinalLink::kKeep);
  if (!found) return found.error();
  if (found->node != kNoNode) return Errno::kExist;
  const auto made =
      host.tree().Create(found->directory, found->name, Directory(), host.clock().FileTime());
  return made ? Errno::kSuccess : made.error();
}

Errno PathRemoveDirectory(Host& host, GuestMemory memory, Fd fd, Pointer path,
                          Size length) noexcept {
  const auto text = PathArgument(memory, path, length);
  if (!text) return text.error();
  const auto directory = DirectoryAt(host, fd, rights::kPathRemoveDirectory);
  if (!directory) return directory.error();
  const auto found = LookUp(host, **directory, *text, FinalLink::kKeep);
  if (!found) return found.error();
  if (found->itself) return Errno::kInval;
  if (found->node == kNoNode) return Errno::kNoent;
  const Directory* removed = host.tree().at(found->node).directory();
  if (!removed) return Errno::kNotdir;
  if (!removed->empty()) return Errno::kNotempty;
  host.tree().Unlink(found->directory, found->name, host.clock().FileTime());
  return Errno::kSuccess;
}

Errno PathUnlinkFile(Host& host, GuestMemory memory, Fd fd, Pointer path, Size length) noexcept {
  const auto text = PathArgument(memory, path, length);
  if (!text) return text.error();
  const auto directory = DirectoryAt(host, fd, rights::kPathUnlinkFile);
  if (!directory) return directory.error();
  const auto found = LookUp(host, **directory, *text, FinalLink::kKeep);
  if (!found) return found.error();
  if (found->node == kNoNode) return Errno::kNoent;
  if (host.tree().at(found->node).directory()) return Errno::kIsdir;
  if (found->trailing_slash) return Errno::kNotdir;
  host.tree().Unlink(found->directory, found->name, host.clock().FileTime());
  return Errno::kSuccess;
}

Errno PathSymlink(Host& host, GuestMemory memory, Pointer target, Size target_length, Fd fd,
                  Pointer path, Size length) noexcept {
  const auto target_text = PathArgument(memory, target, target_length);
  const auto text = PathArgument(memory, path, length);
  if (!target_text || !text) return Errno::kFault;
  const auto directory = DirectoryAt(host, fd, rights::kPathSymlink);
  if (!directory) return directory.error();
  if (const Errno error = CheckPath(*target_text); error != Errno::kSuccess) return error;
  if (target_text->front() == '/') return Errno::kPerm;  // could only lead out
  const auto found = LookUp(host, **directory, *text, FinalLink::kKeep);
  if (!found) return found.error();
  if (found->node != kNoNode) return Errno::kExist;
  if (found->trailing_slash) return Errno::kNoent;
  const auto made =
      host.tree().Create(found->directory, found->name, SymbolicLink{std::string(*target_text)},
                         host.clock().FileTime());
  return made ? Errno::kSuccess : made.error();
}

Errno PathLink(Host& host, GuestMemory memory, Fd old_fd, std::uint32_t lookup, Pointer old_path,
               Size old_length, Fd new_fd, Pointer new_path, Size new_length) noexcept {
  const auto old_text = PathArgument(memory, old_path, old_length);
  const auto new_text = PathArgument(memory, new_path, new_length);
  if (!old_text || !new_text) return Errno::kFault;
  // Following a link on the way to a hard link is not offered, as in the reference host.
  if (lookup != 0) return Errno::kInval;
  const auto old_directory = DirectoryAt(host, old_fd, rights::kPathLinkSource);
  if (!old_directory) return old_directory.error();
  const auto new_directory = DirectoryAt(host, new_fd, rights::kPathLinkTarget);
  if (!new_directory) return new_directory.error();
  const auto from = LookUp(host, **old_directory, *old_text, FinalLink::kFollowIfSlash);
  if (!from) return from.error();
  const auto node = Existing(host, *from);
  if (!node) return node.error();
  const auto to = LookUp(host, **new_directory, *new_text, FinalLink::kKeep);
  if (!to) return to.error();
  if (to->node != kNoNode) return Errno::kExist;
  if (to->trailing_slash) return Errno::kNoent;
  if (host.tree().at(*node).directory()) return Errno::kPerm;
  return host.tree().Link(to->directory, to->name, *node, host.clock().FileTime());
}

Errno PathRename(Host& host, GuestMemory memory, Fd old_fd, Pointer old_path, Size old_length,
                 Fd new_fd, Pointer new_path, Size new_length) noexcept {
  const auto old_text = PathArgument(memory, old_path, old_length);
  const auto new_text = PathArgument(memory, new_path, new_length);
  if (!old_text || !new_text) return Errno::kFault;
  const auto old_directory = DirectoryAt(host, old_fd, rights::kPathRenameSource);
  if (!old_directory) return old_directory.error();
  const auto new_directory = DirectoryAt(host, new_fd, rights::kPathRenameTarget);
  if (!new_directory) return new_directory.error();
  const auto from = LookUp(host, **old_directory, *old_text, FinalLink::kKeep);
  if (!from) return from.error();
  const auto to = LookUp(host, **new_directory, *new_text, FinalLink::kKeep);
  if (!to) return to.error();
  if (from->itself || to->itself) return Errno::kBusy;
  if (from->node == kNoNode) return Errno::kNoent;
  const bool folder = host.tree().at(from->node).directory();
  if (!folder && (from->trailing_slash || to->trailing_slash)) return Errno::kNotdir;
  if (from->node == to->node) return Errno::kSuccess;
  const Errno error = CheckReplacement(host.tree(), *from, *to);
  if (error != Errno::kSuccess) return error;
  return host.tree().Move(from->directory, from->name, to->directory, to->name,
                          host.clock().FileTime());
}

}  // namespace plasm::wasi::calls
