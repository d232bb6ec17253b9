#include "wasi/access.h"

#include "base/bytes.h"
#include "base/utf8.h"

namespace plasm::wasi {

ErrnoOr<Descriptor*> FileAt(Host& host, Fd fd, rights::Mask needed, Errno on_stream) {
  Descriptor* descriptor = host.descriptors().Get(fd);
  if (!descriptor) return Errno::kBadf;
  if (descriptor->IsStream()) return on_stream;
  if (descriptor->kind != Descriptor::Kind::kFile) return Errno::kBadf;
  const rights::Mask missing = needed & ~descriptor->base;
  if (missing & (rights::kFdRead | rights::kFdWrite)) return Errno::kBadf;
  if (missing) return Errno::kNotcapable;
  return descriptor;
}

ErrnoOr<Descriptor*> DirectoryAt(Host& host, Fd fd, rights::Mask needed) {
  Descriptor* descriptor = host.descriptors().Get(fd);
  if (!descriptor || descriptor->IsStream()) return Errno::kBadf;
  if (descriptor->kind != Descriptor::Kind::kDirectory) return Errno::kNotdir;
  if (needed & ~descriptor->base) return Errno::kNotcapable;
  return descriptor;
}

ErrnoOr<std::string_view> PathArgument(GuestMemory memory, Pointer path, Size length) {
  const auto bytes = memory.Slice(path, length);
  if (!bytes) return Errno::kFault;
  return AsText(*bytes);
}

Errno CheckPath(std::string_view path) {
  if (path.empty()) return Errno::kNoent;
  if (path.size() > FileTree::kMaxPathBytes) return Errno::kNametoolong;
  if (!IsValidUtf8(AsBytes(path))) return Errno::kIlseq;
  if (path.find('\0') != std::string_view::npos) return Errno::kInval;
  return Errno::kSuccess;
}

ErrnoOr<Lookup> LookUp(Host& host, const Descriptor& directory, std::string_view path,
                       FinalLink final_link) {
  if (const Errno error = CheckPath(path); error != Errno::kSuccess) return error;
  return Resolve(host.tree(), directory.node, path, final_link);
}

ErrnoOr<NodeId> Existing(Host& host, const Lookup& lookup) {
  if (lookup.node == kNoNode) return Errno::kNoent;
  if (lookup.trailing_slash && !host.tree().at(lookup.node).directory()) return Errno::kNotdir;
  return lookup.node;
}

}  // namespace plasm::wasi
