// Listing a folder.
#include <algorithm>
#include <cstring>

#include "wasi/access.h"
#include "wasi/calls.h"
#include "wasi/record.h"

namespace plasm::wasi::calls {
namespace {

constexpr std::size_t kDirentSize = 24;
// Where a listing resumes: before ".", before "..", or at a position in the folder.
constexpr std::uint64_t kBeforeSelf = 0;
constexpr std::uint64_t kBeforeParent = 1;
constexpr std::uint64_t kFirstEntry = 2;

// Puts entries into the guest's buffer until one does not fit whole.
class Listing {
 public:
  explicit Listing(std::span<std::byte> buffer) : buffer_(buffer) {}

  // False when the entry did not fit whole.
  bool Add(std::uint64_t next, std::uint64_t inode, Filetype type, std::string_view name) {
    std::array<std::byte, kDirentSize> head;
    Record<kDirentSize>()
        .Put(0, next)
        .Put(8, inode)
        .Put(16, static_cast<std::uint32_t>(name.size()))
        .Put(20, static_cast<std::uint8_t>(type))
        .Store(GuestMemory(head), 0);
    return Append(head) && Append(AsBytes(name));
  }
  Size used() const { return static_cast<Size>(used_); }

 private:
  bool Append(ByteView bytes) {
    const std::size_t count = std::min(bytes.size(), buffer_.size() - used_);
    if (count > 0) std::memcpy(buffer_.data() + used_, bytes.data(), count);
    used_ += count;
    return count == bytes.size();
  }

  std::span<std::byte> buffer_;
  std::size_t used_ = 0;
};

void ListInto(Listing& listing, const FileTree& tree, NodeId id, std::uint64_t cookie) {
  const Node& node = tree.at(id);
  if (cookie <= kBeforeSelf && !listing.Add(kBeforeParent, node.inode, Filetype::kDirectory, ".")) {
    return;
  }
  if (cookie <= kBeforeParent) {
    const std::uint64_t above = node.parent == kNoNode ? node.inode : tree.at(node.parent).inode;
    if (!listing.Add(kFirstEntry, above, Filetype::kDirectory, "..")) return;
  }
  if (cookie > Directory::kEndPosition) return;
  const Directory& directory = *node.directory();
  for (auto entry = directory.From(static_cast<Directory::Position>(cookie));
       entry != directory.end(); ++entry) {
    const Node& child = tree.at(entry->node);
    if (!listing.Add(std::uint64_t{entry->position} + 1, child.inode, child.type(), entry->name)) {
      return;
    }
  }
}

}  // namespace

Errno FdReaddir(Host& host, GuestMemory memory, Fd fd, Pointer buffer, Size length,
                std::uint64_t cookie, Pointer result) noexcept {
  const auto out = memory.Slice(buffer, length);
  if (!out || !memory.Slice(result, sizeof(Size))) return Errno::kFault;
  const auto directory = DirectoryAt(host, fd, rights::kFdReaddir);
  if (!directory) return directory.error();
  Listing listing(*out);
  if (length > 0) ListInto(listing, host.tree(), (*directory)->node, cookie);
  memory.Store(result, listing.used());
  return Errno::kSuccess;
}

}  // namespace plasm::wasi::calls
