// The file tree of one guest, in memory: what the embedder puts in before the run, what the
// guest makes of it, what the embedder takes out afterwards.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "wasi/errno.h"
#include "wasi/node.h"
#include "wasi/types.h"

namespace plasm::wasi {

// A preopened folder, numbered from 0 in the order in which they were added.
enum class PreopenId : std::uint32_t {};

// What is done when the last component of a path names a symbolic link.
enum class FinalLink : std::uint8_t {
  kFollow,         // go on with its target
  kFollowIfSlash,  // go on with its target if the path ends in a slash
  kKeep,           // the link itself is meant
};

// Not thread-safe. Costs nothing while it is empty.
class FileTree {
 public:
  // ---- For the embedder, before the run -------------------------------------------------

  // Adds an empty folder that the guest finds under `guest_path`, as in "/" or "/data".
  // Fails with kInvalid (empty, longer than kMaxPathBytes, not UTF-8, NUL inside) or
  // kConflict (given twice; a slash at the end makes no difference).
  Result<PreopenId> AddPreopen(std::string guest_path);

  // Each adds one entry at `path` below the preopened folder, as in "a/b.txt". Missing
  // folders on the way are made; a folder may be added more than once. The order in which
  // entries are added cannot be observed by the guest. Fail with kInvalid (an empty, "." or
  // ".." component, not UTF-8, NUL inside, over the length or depth limit), kConflict (the
  // name is taken, or a component on the way is not a folder) or kNotFound (no such preopen).
  Result<void> AddDirectory(PreopenId preopen, std::string_view path);
  // `contents` is borrowed, not copied: it must outlive the tree and not change.
  Result<void> AddFile(PreopenId preopen, std::string_view path, ByteView contents);
  // `target` may lead anywhere; following it out of the preopened folder fails at run time.
  Result<void> AddSymlink(PreopenId preopen, std::string_view path, std::string_view target);

  static constexpr std::size_t kMaxPathBytes = 4096;
  static constexpr std::size_t kMaxNameBytes = 255;
  static constexpr std::size_t kMaxInputDepth = 256;
  static constexpr int kMaxLinkExpansions = 40;

  // ---- For the embedder, after the run --------------------------------------------------

  // The node at an absolute guest path, as in "/out/result.txt": the longest preopened path
  // that is a prefix of it is taken, the rest is resolved below that folder as the guest's
  // own lookups are (links stay inside, at most kMaxLinkExpansions of them). Fails with
  // kNotFound, or kInvalid when a link loops or leads out.
  Result<NodeId> Find(std::string_view guest_path, FinalLink final_link) const;

  Filetype TypeOf(NodeId node) const { return at(node).type(); }
  // Of a regular file; empty otherwise. Valid until the file or the tree changes.
  ByteView Contents(NodeId node);
  // Of a symbolic link; empty otherwise.
  std::string_view LinkTarget(NodeId node) const;
  struct Listed {
    std::string_view name;
    NodeId node;
  };
  // Of a folder, sorted bytewise; empty otherwise. Names are valid until the tree changes.
  std::vector<Listed> List(NodeId node) const;

  // ---- For the host calls ---------------------------------------------------------------

  struct Quota {
    std::uint64_t bytes = ~std::uint64_t{0};
    std::uint32_t nodes = 1u << 30;
  };
  // Called once, before the guest runs: numbers the inodes in the order of a walk through
  // the preopened folders (names sorted bytewise, depth first), gives the folders' entries
  // their positions, and sets all times to `start`.
  void Begin(const Quota& quota, Timestamp start);

  std::size_t preopen_count() const { return preopens_.size(); }
  std::string_view preopen_path(std::size_t index) const { return preopens_[index].guest_path; }
  NodeId preopen_root(std::size_t index) const { return preopens_[index].root; }

  Node& at(NodeId id) { return *nodes_[id]; }
  const Node& at(NodeId id) const { return *nodes_[id]; }

  // Makes a node and its entry `name` (which must be free) in `directory`. kNospc when the
  // quota is used up, kNoent when the folder has been removed.
  ErrnoOr<NodeId> Create(NodeId directory, std::string_view name,
                         std::variant<FileContents, Directory, SymbolicLink> content,
                         Timestamp now);
  // Gives `node`, not a folder, one more name. kNospc and kNoent as above.
  Errno Link(NodeId directory, std::string_view name, NodeId node, Timestamp now);
  // Removes an entry that exists; a folder must be empty. The node lives on while it has
  // other names or is open.
  void Unlink(NodeId directory, std::string_view name, Timestamp now);
  // Moves an entry that exists over `new_name`, which may exist if it may be replaced.
  Errno Move(NodeId old_directory, std::string_view old_name, NodeId new_directory,
             std::string_view new_name, Timestamp now);
  // Whether `directory` is `ancestor` or lies below it.
  bool IsWithin(NodeId directory, NodeId ancestor) const;

  // Descriptors keep a node alive.
  void Open(NodeId node) { ++at(node).opens; }
  void Close(NodeId node);

  // kNospc when the quota would be exceeded: nothing has changed then.
  Errno Resize(NodeId file, std::uint64_t size, Timestamp now);
  // Grows the file to at least `size` on the books, so that writes up to there cannot fail.
  Errno Reserve(NodeId file, std::uint64_t size);

 private:
  struct Preopen {
    std::string guest_path;
    NodeId root;
  };
  struct Place {
    NodeId directory;
    std::string_view name;
  };

  NodeId NewNode(std::variant<FileContents, Directory, SymbolicLink> content);
  void DropIfUnused(NodeId node);
  void Touch(NodeId directory, Timestamp now);
  NodeId NewFolder(NodeId parent, std::string_view name);
  Result<Place> MakeWay(PreopenId preopen, std::string_view path);

  std::vector<std::unique_ptr<Node>> nodes_;  // null: the number is free
  std::vector<NodeId> free_;
  std::vector<Preopen> preopens_;
  Quota quota_;
  std::uint64_t used_bytes_ = 0;
  std::uint64_t used_nodes_ = 0;  // nodes, and further names of a node
  std::uint64_t next_inode_ = 1;
};

}  // namespace plasm::wasi
