#include "client/node_list.h"

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "base/quote.h"
#include "base/text_form.h"
#include "trust/guarded_file.h"

namespace plasm::client {
namespace {

constexpr std::size_t kMaxNameBytes = 255;

Result<KnownNode> ParseLine(std::string_view line) {
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) {
    return Error{ErrorCode::kInvalid, "found " + Quote(line) + ", expected NAME URL"};
  }
  KnownNode node;
  node.name = line.substr(0, blank);
  PLASM_TRY_VOID(CheckNodeName(node.name));
  PLASM_TRY(node.endpoint, net::Endpoint::Parse(line.substr(blank + 1)));
  return node;
}

std::string LineOf(const KnownNode& node) { return node.name + " " + node.endpoint.ToString(); }

}  // namespace

Result<void> CheckNodeName(std::string_view name) {
  if (name == kLocalName) {
    return Error{ErrorCode::kInvalid, "name: \"local\" means this machine, choose another"};
  }
  if (IsPlainWord(name) && name.size() <= kMaxNameBytes && !name.starts_with('#') &&
      !name.starts_with('-')) {
    return {};
  }
  return Error{ErrorCode::kInvalid, "name: found " + Quote(name) +
                                        ", expected a word of at most 255 bytes that begins with "
                                        "neither # nor -"};
}

Result<NodeList> NodeList::Parse(ByteView bytes) {
  if (bytes.size() > kMaxNodeListBytes) {
    return Error{ErrorCode::kLimitExceeded,
                 "longer than " + std::to_string(kMaxNodeListBytes) + " bytes"};
  }
  NodeList list;
  std::string_view text = AsText(bytes);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    Line line{std::string(text.substr(0, end)), {}};
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string place = "line " + std::to_string(list.lines_.size() + 1) + ": ";
    if (!line.text.empty() && !line.text.starts_with('#')) {
      auto node = ParseLine(line.text);
      if (!node) return Error{node.error().code, place + node.error().message};
      if (list.Find(node->name)) {
        return Error{ErrorCode::kInvalid, place + "the name " + Quote(node->name) + " comes twice"};
      }
      line.node = *std::move(node);
    } else if (!IsPlainText(line.text)) {
      return Error{ErrorCode::kInvalid, place + "found control characters, expected text"};
    }
    list.lines_.push_back(std::move(line));
  }
  return list;
}

std::string NodeList::Serialize() const {
  std::string text;
  for (const Line& line : lines_) text += line.text + "\n";
  return text;
}

std::vector<KnownNode> NodeList::Nodes() const {
  std::vector<KnownNode> nodes;
  for (const Line& line : lines_) {
    if (line.node) nodes.push_back(*line.node);
  }
  return nodes;
}

std::optional<KnownNode> NodeList::Find(std::string_view name) const {
  for (const Line& line : lines_) {
    if (line.node && line.node->name == name) return line.node;
  }
  return std::nullopt;
}

Result<void> NodeList::Put(const KnownNode& node) {
  PLASM_TRY_VOID(CheckNodeName(node.name));
  for (Line& line : lines_) {
    if (!line.node || line.node->name != node.name) continue;
    line = {LineOf(node), node};
    return {};
  }
  lines_.push_back({LineOf(node), node});
  return {};
}

Result<void> NodeList::Remove(std::string_view name) {
  const auto removed =
      std::erase_if(lines_, [&](const Line& line) { return line.node && line.node->name == name; });
  if (removed > 0) return {};
  return Error{ErrorCode::kNotFound, "no node " + Quote(name) + " is known here (plasm node list)"};
}

Result<std::optional<KnownNode>> ChooseNode(const NodeList& list, std::string_view flag,
                                            std::string_view environment) {
  const std::string_view name = flag.empty() ? environment : flag;
  if (name == kLocalName) return std::optional<KnownNode>();
  if (!name.empty()) {
    const auto found = list.Find(name);
    if (found) return found;
    return Error{ErrorCode::kNotFound, std::string(flag.empty() ? "$PLASM_NODE" : "--node") +
                                           ": no node " + Quote(name) +
                                           " is known here: add it with plasm node add URL"};
  }
  const std::vector<KnownNode> nodes = list.Nodes();
  if (nodes.empty()) return std::optional<KnownNode>();
  if (nodes.size() == 1) return std::optional(nodes.front());
  std::string names;
  for (const KnownNode& node : nodes) names += (names.empty() ? "" : ", ") + node.name;
  return Error{ErrorCode::kInvalid, "several nodes are known (" + names +
                                        "): choose one, or local, with --node or "
                                        "$PLASM_NODE"};
}

Result<NodeList> NodeListFile::Load() const {
  return trust::ReadGuardedForm<NodeList>(folder_ / "nodes", kMaxNodeListBytes);
}

template <class Edit>
Result<void> NodeListFile::Change(Edit edit) const {
  PLASM_TRY_VOID(CreateFolders(folder_, 0700));
  PLASM_TRY(const UniqueFd lock,
            trust::LockFile(folder_ / "nodes.lock", trust::LockKind::kExclusive));
  PLASM_TRY(NodeList list, Load());
  PLASM_TRY_VOID(edit(list));
  return WriteFileAtomically(folder_ / "nodes", AsBytes(list.Serialize()), {.mode = 0600});
}

Result<void> NodeListFile::Put(const KnownNode& node) const {
  return Change([&](NodeList& list) { return list.Put(node); });
}

Result<void> NodeListFile::Remove(std::string_view name) const {
  return Change([&](NodeList& list) { return list.Remove(name); });
}

}  // namespace plasm::client
