// The part of FileTree that the host calls use.
#include "wasi/file_tree.h"

#include <algorithm>
#include <cassert>

namespace plasm::wasi {

void FileTree::Begin(const Quota& quota, Timestamp start) {
  quota_ = quota;
  quota_.nodes = std::min(quota_.nodes, Quota{}.nodes);
  // A walk with a stack of its own: the depth of the tree is not ours.
  std::vector<NodeId> waiting;
  for (auto preopen = preopens_.rbegin(); preopen != preopens_.rend(); ++preopen) {
    waiting.push_back(preopen->root);
  }
  next_inode_ = 1;
  while (!waiting.empty()) {
    Node& node = at(waiting.back());
    waiting.pop_back();
    node.inode = next_inode_++;
    node.accessed = node.modified = node.changed = start;
    if (Directory* directory = node.directory()) {
      directory->Settle();
      const std::size_t first = waiting.size();
      for (const Directory::Entry& entry : *directory) waiting.push_back(entry.node);
      std::reverse(waiting.begin() + static_cast<std::ptrdiff_t>(first), waiting.end());
    }
  }
}

ErrnoOr<NodeId> FileTree::Create(NodeId directory, std::string_view name,
                                 std::variant<FileContents, Directory, SymbolicLink> content,
                                 Timestamp now) {
  if (at(directory).links == 0) return Errno::kNoent;
  const auto* link = std::get_if<SymbolicLink>(&content);
  const std::uint64_t bytes = link ? link->target.size() : 0;
  if (used_nodes_ >= quota_.nodes) return Errno::kNospc;
  if (used_bytes_ > quota_.bytes || bytes > quota_.bytes - used_bytes_) return Errno::kNospc;
  const NodeId id = NewNode(std::move(content));
  Node& node = at(id);
  node.accessed = node.modified = node.changed = now;
  if (node.directory()) node.parent = directory;
  at(directory).directory()->Insert(name, id);
  Touch(directory, now);
  return id;
}

Errno FileTree::Link(NodeId directory, std::string_view name, NodeId node, Timestamp now) {
  if (at(directory).links == 0) return Errno::kNoent;
  if (used_nodes_ >= quota_.nodes) return Errno::kNospc;
  ++used_nodes_;
  ++at(node).links;
  at(node).changed = now;
  at(directory).directory()->Insert(name, node);
  Touch(directory, now);
  return Errno::kSuccess;
}

void FileTree::Unlink(NodeId directory, std::string_view name, Timestamp now) {
  Directory& entries = *at(directory).directory();
  const NodeId id = entries.Find(name)->node;
  entries.Erase(name);
  Touch(directory, now);
  Node& node = at(id);
  --node.links;
  node.changed = now;
  if (node.links > 0) {
    --used_nodes_;
    return;
  }
  node.parent = kNoNode;  // the parent may go before this node's last descriptor does
  DropIfUnused(id);
}

Errno FileTree::Move(NodeId old_directory, std::string_view old_name, NodeId new_directory,
                     std::string_view new_name, Timestamp now) {
  if (at(new_directory).links == 0) return Errno::kNoent;
  Directory& from = *at(old_directory).directory();
  Directory& to = *at(new_directory).directory();
  const NodeId moved = from.Find(old_name)->node;
  if (to.Find(new_name)) Unlink(new_directory, new_name, now);
  from.Erase(old_name);
  to.Insert(new_name, moved);
  Node& node = at(moved);
  if (node.directory()) node.parent = new_directory;
  node.changed = now;
  Touch(old_directory, now);
  Touch(new_directory, now);
  return Errno::kSuccess;
}

bool FileTree::IsWithin(NodeId directory, NodeId ancestor) const {
  while (directory != kNoNode) {
    if (directory == ancestor) return true;
    directory = at(directory).parent;
  }
  return false;
}

void FileTree::Close(NodeId node) {
  assert(at(node).opens > 0);
  --at(node).opens;
  DropIfUnused(node);
}

Errno FileTree::Resize(NodeId file, std::uint64_t size, Timestamp now) {
  Node& node = at(file);
  if (const Errno error = Reserve(file, size); error != Errno::kSuccess) return error;
  FileContents& contents = *node.file();
  if (size < contents.size()) used_bytes_ -= contents.size() - size;
  contents.Resize(size);
  node.modified = node.changed = now;
  return Errno::kSuccess;
}

Errno FileTree::Reserve(NodeId file, std::uint64_t size) {
  FileContents& contents = *at(file).file();
  if (size <= contents.size()) return Errno::kSuccess;
  const std::uint64_t more = size - contents.size();
  if (used_bytes_ > quota_.bytes || more > quota_.bytes - used_bytes_) return Errno::kNospc;
  used_bytes_ += more;
  contents.Resize(size);
  return Errno::kSuccess;
}

NodeId FileTree::NewNode(std::variant<FileContents, Directory, SymbolicLink> content) {
  NodeId id;
  if (free_.empty()) {
    id = static_cast<NodeId>(nodes_.size());
    nodes_.push_back(nullptr);
  } else {
    id = free_.back();
    free_.pop_back();
  }
  nodes_[id] = std::make_unique<Node>();
  Node& node = *nodes_[id];
  node.inode = next_inode_++;
  node.links = 1;
  node.content = std::move(content);
  ++used_nodes_;
  used_bytes_ += node.size();
  return id;
}

void FileTree::DropIfUnused(NodeId id) {
  const Node& node = at(id);
  if (node.links > 0 || node.opens > 0) return;
  used_bytes_ -= node.size();
  --used_nodes_;
  nodes_[id].reset();
  free_.push_back(id);
}

void FileTree::Touch(NodeId directory, Timestamp now) {
  at(directory).modified = at(directory).changed = now;
}

}  // namespace plasm::wasi
