#include "wasi/lookup.h"

#include <algorithm>
#include <utility>

namespace plasm::wasi {

ErrnoOr<Lookup> Resolve(const FileTree& tree, NodeId root, std::string_view path,
                        FinalLink final_link) {
  if (path.empty()) return Errno::kNoent;
  if (path.front() == '/') return Errno::kPerm;
  NodeId here = root;
  std::string expanded;  // backs `rest` once a link has been followed
  std::string_view rest = path;
  int expansions = 0;
  while (true) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view name = rest.substr(0, end);
    const std::string_view tail = rest.substr(end);  // starts with the slashes, if any
    const std::size_t next = std::min(tail.find_first_not_of('/'), tail.size());
    const bool last = next == tail.size();

    if (name == "." || name == "..") {
      if (name == "..") {
        if (here == root) return Errno::kPerm;
        here = tree.at(here).parent;
      }
      if (last) return Lookup{kNoNode, {}, here, true, true};
      rest = tail.substr(next);
      continue;
    }
    if (name.size() > FileTree::kMaxNameBytes) return Errno::kNametoolong;

    const Directory::Entry* entry = tree.at(here).directory()->Find(name);
    if (!entry) {
      if (!last) return Errno::kNoent;
      return Lookup{here, std::string(name), kNoNode, !tail.empty(), false};
    }
    const Node& node = tree.at(entry->node);
    if (const SymbolicLink* link = node.link()) {
      const bool follow = !last || final_link == FinalLink::kFollow ||
                          (final_link == FinalLink::kFollowIfSlash && !tail.empty());
      if (follow) {
        if (++expansions > FileTree::kMaxLinkExpansions) return Errno::kLoop;
        if (link->target.front() == '/') return Errno::kPerm;
        std::string longer;
        longer.reserve(link->target.size() + tail.size());
        longer.append(link->target).append(tail);
        expanded = std::move(longer);
        rest = expanded;
        continue;
      }
    }
    if (last) return Lookup{here, std::string(name), entry->node, !tail.empty(), false};
    if (!node.directory()) return Errno::kNotdir;
    here = entry->node;
    rest = tail.substr(next);
  }
}

}  // namespace plasm::wasi
