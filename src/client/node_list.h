// The nodes that this client knows by name, and where they are. Who they are stands in the file of
// trusted nodes, under the same names.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "net/endpoint.h"
#include "trust/node_card.h"

namespace plasm::client {

inline constexpr std::size_t kMaxNodeListBytes = std::size_t{1} << 20;

// Means this machine, wherever a node can be named; no node has it for its name.
inline constexpr std::string_view kLocalName = "local";

// Whether a node can have this name here: kInvalid, saying why not. Pure.
Result<void> CheckNodeName(std::string_view name);

struct KnownNode {
  std::string name;
  net::Endpoint endpoint;
  // Of a node that was found and is trusted by nobody here: the card that it has shown. Its name
  // is the fingerprint of its identity then, and never that of a node in the list.
  std::optional<trust::OpenedCard> shown{};

  friend bool operator==(const KnownNode&, const KnownNode&) = default;
};

// The file as text: a line for each node, "NAME URL"; blank lines and those that begin with '#'
// are kept as they are. Pure.
class NodeList {
 public:
  NodeList() = default;

  // kInvalid, with the number of the line; kLimitExceeded beyond kMaxNodeListBytes.
  static Result<NodeList> Parse(ByteView text);
  std::string Serialize() const;

  std::vector<KnownNode> Nodes() const;  // in the order of the file
  std::optional<KnownNode> Find(std::string_view name) const;
  // Adds the node, or changes where it is. kInvalid for a name that no line can hold.
  Result<void> Put(const KnownNode& node);
  // kNotFound when there is no node of that name.
  Result<void> Remove(std::string_view name);

 private:
  struct Line {
    std::string text;
    std::optional<KnownNode> node;
  };
  std::vector<Line> lines_;
};

// The node to ask: the one that `flag` names, else `environment`, else the only one there is;
// nothing for this machine, also when no node is known. kNotFound for a name that is not in the
// list, kInvalid when several are known and none is named. Pure.
Result<std::optional<KnownNode>> ChooseNode(const NodeList& list, std::string_view flag,
                                            std::string_view environment);

// `nodes` in a data folder. Processes may change it at the same time; changes are durable.
class NodeListFile {
 public:
  explicit NodeListFile(std::filesystem::path data_folder) : folder_(std::move(data_folder)) {}

  // Empty where there is no file. Errors as trust::ReadGuardedFile and NodeList::Parse.
  Result<NodeList> Load() const;
  Result<void> Put(const KnownNode& node) const;
  Result<void> Remove(std::string_view name) const;

 private:
  template <class Edit>
  Result<void> Change(Edit edit) const;

  std::filesystem::path folder_;
};

}  // namespace plasm::client
