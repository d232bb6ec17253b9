#include "execution/tree_text.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "base/quote.h"

namespace plasm::execution {
namespace {

constexpr std::size_t kMaxDepth = 130;
constexpr std::size_t kDigestDigits = 64;
constexpr std::string_view kArrow = " -> ";

struct Node {
  std::map<std::string, Node, std::less<>> children;
  std::optional<Sha256Digest> file;
  std::optional<std::string> link;
  bool empty_folder = false;

  bool IsLeaf() const { return file || link || empty_folder; }
};

Error Invalid(std::string_view what, std::string_view line) {
  return {ErrorCode::kInvalid, "tree: " + std::string(what) + ": " + Quote(line)};
}

Result<Node*> Insert(Node& root, std::string_view path, std::size_t& entries) {
  Node* node = &root;
  std::size_t depth = 0;
  std::string_view rest = path;
  while (true) {
    const auto slash = rest.find('/');
    const std::string_view name = rest.substr(0, slash);
    if (name.empty() || name == "." || name == "..") return Invalid("not a plain path", path);
    if (++depth > kMaxDepth) return Invalid("too deep", path);
    if (node->IsLeaf()) return Invalid("below something that is no folder", path);
    auto child = node->children.find(name);
    if (child == node->children.end()) {
      child = node->children.emplace(std::string(name), Node{}).first;
      ++entries;
    }
    node = &child->second;
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  if (node->IsLeaf() || !node->children.empty()) return Invalid("there already", path);
  return node;
}

// Calls `take` for each line, without its line feed.
template <class Take>
Result<void> ForEachLine(std::string_view text, Take take) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return Invalid("no line feed at the end", text);
    PLASM_TRY_VOID(take(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  return {};
}

void Emit(const Node& node, const std::string& prefix, std::vector<TreeEntry>& out) {
  for (const auto& [name, child] : node.children) {
    TreeEntry made;
    made.entry.kind = worker::EntryKind::kDirectory;
    made.entry.path = prefix + name;
    if (child.file) {
      made.entry.kind = worker::EntryKind::kFile;
      made.digest = *child.file;
    } else if (child.link) {
      made.entry.kind = worker::EntryKind::kSymlink;
      made.entry.target = *child.link;
    }
    out.push_back(std::move(made));
    if (!child.children.empty()) Emit(child, prefix + name + "/", out);
  }
}

}  // namespace

Result<std::vector<TreeEntry>> ReadTreeTexts(std::string_view tree, std::string_view layout,
                                             std::size_t max_entries) {
  Node root;
  std::size_t entries = 0;
  std::optional<std::string_view> last;
  const auto in_order = [&last](std::string_view path) {
    const bool right = !last || *last < path;
    last = path;
    return right;
  };
  const auto within = [&entries, max_entries]() -> Result<void> {
    if (entries <= max_entries) return {};
    return Error{ErrorCode::kLimitExceeded,
                 "tree: more than " + std::to_string(max_entries) + " entries"};
  };
  PLASM_TRY_VOID(ForEachLine(tree, [&](std::string_view line) -> Result<void> {
    if (line.size() <= kDigestDigits + 2 || line.substr(kDigestDigits, 2) != "  ") {
      return Invalid("not a digest, two blanks and a path", line);
    }
    const auto digest = Sha256Digest::FromHex(line.substr(0, kDigestDigits));
    if (!digest) return Invalid("not a digest", line);
    const std::string_view path = line.substr(kDigestDigits + 2);
    if (!in_order(path)) return Invalid("not sorted", line);
    PLASM_TRY(Node* const node, Insert(root, path, entries));
    node->file = *digest;
    return within();
  }));
  last.reset();
  PLASM_TRY_VOID(ForEachLine(layout, [&](std::string_view line) -> Result<void> {
    // A path may itself hold " -> "; whoever wrote it meant one of the two.
    const auto arrow = line.find(kArrow);
    const bool folder = line.ends_with('/') && arrow == std::string_view::npos;
    if (!folder && (arrow == std::string_view::npos || arrow + kArrow.size() == line.size())) {
      return Invalid("neither a folder nor a link", line);
    }
    const std::string_view path =
        folder ? line.substr(0, line.size() - 1) : line.substr(0, arrow);
    if (!in_order(path)) return Invalid("not sorted", line);
    PLASM_TRY(Node* const node, Insert(root, path, entries));
    if (folder) {
      node->empty_folder = true;
    } else {
      node->link = std::string(line.substr(arrow + kArrow.size()));
    }
    return within();
  }));
  std::vector<TreeEntry> out;
  Emit(root, "", out);
  return out;
}

}  // namespace plasm::execution
