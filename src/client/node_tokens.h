// The bearer tokens that this client presents to nodes, by the nodes' names (spec/clients.md
// section 3). They are secrets: no error, log line or command line shows one.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace plasm::client {

inline constexpr std::size_t kMaxNodeTokensBytes = std::size_t{256} << 10;

// The file as text: a line for each node, "NAME SECRET". Pure.
class NodeTokens {
 public:
  // kInvalid, with the number of the line and nothing of what it says; kLimitExceeded beyond
  // kMaxNodeTokensBytes.
  static Result<NodeTokens> Parse(ByteView text);
  std::string Serialize() const;  // by name

  std::optional<std::string> Find(std::string_view node) const;
  // Adds the token, or replaces that of the node. kInvalid for a name that no node can have and
  // for what has not the form of a secret (crypto/token_secret.h).
  Result<void> Put(std::string_view node, std::string_view secret);
  // Whether there was one.
  bool Remove(std::string_view node) { return secrets_.erase(std::string(node)) > 0; }

 private:
  std::map<std::string, std::string, std::less<>> secrets_;
};

// `node_tokens` in a data folder: mode 0600, and refused when anybody else can read or write it.
// Processes may change it at the same time; changes are durable.
class NodeTokenFile {
 public:
  explicit NodeTokenFile(std::filesystem::path data_folder) : folder_(std::move(data_folder)) {}

  // Empty where there is no file. Errors as trust::ReadGuardedFile and NodeTokens::Parse.
  Result<NodeTokens> Load() const;
  Result<void> Put(std::string_view node, std::string_view secret) const;
  // Nothing happens when the node has none.
  Result<void> Remove(std::string_view node) const;

 private:
  template <class Edit>
  Result<void> Change(Edit edit) const;

  std::filesystem::path folder_;
};

// The secret that a file has, alone on its first line, as plasmd token create prints it; "-" is
// standard input. kInvalid, showing nothing of it, for anything else.
Result<std::string> ReadTokenSecret(const std::filesystem::path& path);

}  // namespace plasm::client
