// The part of FileTree that the embedder uses: filling it before the run, reading it after.
#include <algorithm>

#include "base/quote.h"
#include "base/utf8.h"
#include "wasi/file_tree.h"
#include "wasi/lookup.h"

namespace plasm::wasi {
namespace {

Error Invalid(std::string_view path, std::string_view why) {
  return Error{ErrorCode::kInvalid, "path " + Quote(path) + ": " + std::string(why)};
}

Result<void> CheckText(std::string_view path, std::string_view text) {
  if (text.empty()) return Invalid(path, "is empty, expected at least one character");
  if (text.size() > FileTree::kMaxPathBytes) {
    return Error{ErrorCode::kInvalid, "path of " + std::to_string(text.size()) +
                                          " bytes, expected at most " +
                                          std::to_string(FileTree::kMaxPathBytes)};
  }
  if (!IsValidUtf8(AsBytes(text))) return Error{ErrorCode::kInvalid, "path that is not UTF-8"};
  if (text.find('\0') != std::string_view::npos) return Invalid(path, "has a NUL byte inside");
  return {};
}

Result<void> CheckComponents(std::string_view path) {
  PLASM_TRY_VOID(CheckText(path, path));
  std::string_view rest = path;
  for (std::size_t depth = 1;; ++depth) {
    if (depth > FileTree::kMaxInputDepth) {
      return Invalid(path,
                     "is deeper than " + std::to_string(FileTree::kMaxInputDepth) + " folders");
    }
    const std::size_t slash = rest.find('/');
    const std::string_view name = rest.substr(0, slash);
    if (name.empty()) return Invalid(path, "has an empty component");
    if (name == "." || name == "..") return Invalid(path, "has a \".\" or \"..\" component");
    if (name.size() > FileTree::kMaxNameBytes) {
      return Invalid(path,
                     "has a component over " + std::to_string(FileTree::kMaxNameBytes) + " bytes");
    }
    if (slash == std::string_view::npos) return {};
    rest.remove_prefix(slash + 1);
  }
}

// "/data/" and "/data" are the same place; "/" becomes "".
std::string_view WithoutTrailingSlashes(std::string_view path) {
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  return path;
}

}  // namespace

Result<PreopenId> FileTree::AddPreopen(std::string guest_path) {
  PLASM_TRY_VOID(CheckText(guest_path, guest_path));
  for (const Preopen& preopen : preopens_) {
    if (WithoutTrailingSlashes(preopen.guest_path) == WithoutTrailingSlashes(guest_path)) {
      return Error{ErrorCode::kConflict, "guest path " + Quote(guest_path) + " is mounted twice"};
    }
  }
  const auto id = static_cast<PreopenId>(preopens_.size());
  const NodeId root = NewNode(Directory{});
  preopens_.push_back({std::move(guest_path), root});
  return id;
}

Result<FileTree::Place> FileTree::MakeWay(PreopenId preopen, std::string_view path) {
  const auto index = static_cast<std::size_t>(preopen);
  if (index >= preopens_.size()) {
    return Error{ErrorCode::kNotFound, "no preopened folder number " + std::to_string(index)};
  }
  PLASM_TRY_VOID(CheckComponents(path));
  NodeId directory = preopens_[index].root;
  std::string_view rest = path;
  while (true) {
    const std::size_t slash = rest.find('/');
    const std::string_view name = rest.substr(0, slash);
    if (slash == std::string_view::npos) return Place{directory, name};
    rest.remove_prefix(slash + 1);
    if (const Directory::Entry* entry = at(directory).directory()->Find(name)) {
      directory = entry->node;
      if (!at(directory).directory()) {
        return Error{ErrorCode::kConflict, "path " + Quote(path) + ": " + Quote(name) +
                                               " was added before and is not a folder"};
      }
    } else {
      directory = NewFolder(directory, name);
    }
  }
}

NodeId FileTree::NewFolder(NodeId parent, std::string_view name) {
  const NodeId made = NewNode(Directory{});
  at(made).parent = parent;
  at(parent).directory()->Insert(name, made);
  return made;
}

Result<void> FileTree::AddDirectory(PreopenId preopen, std::string_view path) {
  PLASM_TRY(const Place place, MakeWay(preopen, path));
  Directory& directory = *at(place.directory).directory();
  if (const Directory::Entry* entry = directory.Find(place.name)) {
    if (at(entry->node).directory()) return {};
    return Error{ErrorCode::kConflict, "path " + Quote(path) + " was added before"};
  }
  NewFolder(place.directory, place.name);
  return {};
}

Result<void> FileTree::AddFile(PreopenId preopen, std::string_view path, ByteView contents) {
  PLASM_TRY(const Place place, MakeWay(preopen, path));
  Directory& directory = *at(place.directory).directory();
  if (directory.Find(place.name)) {
    return Error{ErrorCode::kConflict, "path " + Quote(path) + " was added before"};
  }
  directory.Insert(place.name, NewNode(FileContents(contents)));
  return {};
}

Result<void> FileTree::AddSymlink(PreopenId preopen, std::string_view path,
                                  std::string_view target) {
  PLASM_TRY_VOID(CheckText(path, target));
  PLASM_TRY(const Place place, MakeWay(preopen, path));
  Directory& directory = *at(place.directory).directory();
  if (directory.Find(place.name)) {
    return Error{ErrorCode::kConflict, "path " + Quote(path) + " was added before"};
  }
  directory.Insert(place.name, NewNode(SymbolicLink{std::string(target)}));
  return {};
}

Result<NodeId> FileTree::Find(std::string_view guest_path, FinalLink final_link) const {
  const Preopen* best = nullptr;
  std::size_t best_size = 0;
  for (const Preopen& preopen : preopens_) {
    const std::string_view prefix = WithoutTrailingSlashes(preopen.guest_path);
    if (!guest_path.starts_with(prefix)) continue;
    if (guest_path.size() > prefix.size() && guest_path[prefix.size()] != '/') continue;
    if (best && prefix.size() < best_size) continue;
    best = &preopen;
    best_size = prefix.size();
  }
  if (!best) {
    return Error{ErrorCode::kNotFound,
                 "path " + Quote(guest_path) + " lies in no preopened folder"};
  }
  std::string_view rest = guest_path.substr(best_size);
  while (!rest.empty() && rest.front() == '/') rest.remove_prefix(1);
  if (rest.empty()) return best->root;
  const ErrnoOr<Lookup> found = Resolve(*this, best->root, rest, final_link);
  if (!found) {
    if (found.error() == Errno::kNoent || found.error() == Errno::kNotdir) {
      return Error{ErrorCode::kNotFound, "path " + Quote(guest_path) + " not found"};
    }
    return Invalid(guest_path, "goes through a link that loops or leads out of its folder");
  }
  if (found->node == kNoNode || (found->trailing_slash && !at(found->node).directory())) {
    return Error{ErrorCode::kNotFound, "path " + Quote(guest_path) + " not found"};
  }
  return found->node;
}

ByteView FileTree::Contents(NodeId node) {
  FileContents* contents = at(node).file();
  return contents ? contents->View() : ByteView{};
}

std::string_view FileTree::LinkTarget(NodeId node) const {
  const SymbolicLink* link = at(node).link();
  return link ? std::string_view(link->target) : std::string_view{};
}

std::vector<FileTree::Listed> FileTree::List(NodeId node) const {
  std::vector<Listed> listed;
  if (const Directory* directory = at(node).directory()) {
    listed.reserve(directory->size());
    for (const Directory::Entry& entry : *directory) listed.push_back({entry.name, entry.node});
  }
  return listed;
}

}  // namespace plasm::wasi
