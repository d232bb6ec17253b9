#include "execution/tree_text.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/quote.h"
#include "receipt/tree_digest.h"

namespace plasm::execution {
namespace {

// As deep as a snapshot of a folder goes (worker/supervisor/inputs.h).
constexpr std::size_t kMaxDepth = 129;
// Of all entries' paths together. A folder's path is part of that of everything below, so that
// a small text can stand for a large tree.
constexpr std::size_t kMaxPathBytes = std::size_t{256} << 20;
constexpr std::size_t kDigestDigits = 64;
constexpr std::string_view kBlanks = "  ";
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

Error TooLarge(std::size_t most, const char* what) {
  return {ErrorCode::kLimitExceeded,
          "tree: more than " + std::to_string(most) + " " + std::string(what)};
}

// The lines of a text, each with a line feed and a path that is greater than the one before.
class SortedLines {
 public:
  explicit SortedLines(std::string_view text) : rest_(text) {}

  bool AtEnd() const { return rest_.empty(); }

  // Without its line feed.
  Result<std::string_view> Next() {
    const auto end = rest_.find('\n');
    if (end == std::string_view::npos) return Invalid("no line feed at the end", rest_);
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }

  // The path in the line that was last given out.
  Result<void> Follows(std::string_view path) {
    if (path <= last_) return Invalid("not sorted", path);
    last_ = path;
    return {};
  }

 private:
  std::string_view rest_;
  std::string_view last_;  // no path is empty
};

class Tree {
 public:
  explicit Tree(std::size_t max_entries) : max_entries_(max_entries) {}

  Result<void> TakeFiles(std::string_view text) {
    for (SortedLines lines(text); !lines.AtEnd();) {
      PLASM_TRY(const std::string_view line, lines.Next());
      if (line.size() <= kDigestDigits + kBlanks.size() ||
          line.substr(kDigestDigits, kBlanks.size()) != kBlanks) {
        return Invalid("not a digest, two blanks and a path", line);
      }
      PLASM_TRY(const auto digest, Sha256Digest::FromHex(line.substr(0, kDigestDigits)));
      const std::string_view path = line.substr(kDigestDigits + kBlanks.size());
      PLASM_TRY_VOID(receipt::CheckTreeFilePath(path));
      PLASM_TRY_VOID(lines.Follows(path));
      PLASM_TRY(Node* const node, Insert(path));
      node->file = digest;
    }
    return {};
  }

  Result<void> TakeLayout(std::string_view text) {
    for (SortedLines lines(text); !lines.AtEnd();) {
      PLASM_TRY(const std::string_view line, lines.Next());
      // Only the text of a link may hold a second arrow.
      const auto arrow = line.find(kArrow);
      const bool is_link = arrow != std::string_view::npos;
      if (!is_link && !line.ends_with('/')) return Invalid("neither a folder nor a link", line);
      const std::string_view path = line.substr(0, is_link ? arrow : line.size() - 1);
      PLASM_TRY_VOID(receipt::CheckTreeLayoutPath(path));
      PLASM_TRY_VOID(lines.Follows(path));
      PLASM_TRY(Node* const node, Insert(path));
      if (is_link) {
        const std::string_view target = line.substr(arrow + kArrow.size());
        PLASM_TRY_VOID(receipt::CheckTreeLinkText(target));
        node->link = std::string(target);
      } else {
        node->empty_folder = true;
      }
    }
    return {};
  }

  std::vector<TreeEntry> Entries() && {
    std::vector<TreeEntry> entries;
    entries.reserve(entries_);
    Emit(root_, "", entries);
    return entries;
  }

 private:
  // The new leaf at `path`, whose form has been checked.
  Result<Node*> Insert(std::string_view path) {
    Node* node = &root_;
    std::size_t depth = 0;
    for (std::size_t start = 0; start <= path.size();) {
      const std::size_t end = std::min(path.find('/', start), path.size());
      if (++depth > kMaxDepth) return Invalid("too deep", path);
      if (node->IsLeaf()) return Invalid("below something that is no folder", path);
      const std::string_view name = path.substr(start, end - start);
      auto child = node->children.find(name);
      if (child == node->children.end()) {
        child = node->children.emplace(std::string(name), Node{}).first;
        path_bytes_ += end;
        if (++entries_ > max_entries_) return TooLarge(max_entries_, "entries");
        if (path_bytes_ > kMaxPathBytes) return TooLarge(kMaxPathBytes, "bytes of paths");
      }
      node = &child->second;
      start = end + 1;
    }
    if (node->IsLeaf() || !node->children.empty()) return Invalid("there already", path);
    return node;
  }

  static void Emit(Node& node, const std::string& prefix, std::vector<TreeEntry>& out) {
    for (auto& [name, child] : node.children) {
      TreeEntry made;
      made.entry.kind = worker::EntryKind::kDirectory;
      made.entry.path = prefix + name;
      if (child.file) {
        made.entry.kind = worker::EntryKind::kFile;
        made.digest = *child.file;
      } else if (child.link) {
        made.entry.kind = worker::EntryKind::kSymlink;
        made.entry.target = *std::move(child.link);
      }
      out.push_back(std::move(made));
      if (!child.children.empty()) Emit(child, prefix + name + "/", out);
    }
  }

  std::size_t max_entries_;
  std::size_t entries_ = 0;
  std::size_t path_bytes_ = 0;
  Node root_;
};

}  // namespace

Result<std::vector<TreeEntry>> ReadTreeTexts(std::string_view tree, std::string_view layout,
                                             std::size_t max_entries) {
  Tree read(max_entries);
  PLASM_TRY_VOID(read.TakeFiles(tree));
  PLASM_TRY_VOID(read.TakeLayout(layout));
  return std::move(read).Entries();
}

}  // namespace plasm::execution
