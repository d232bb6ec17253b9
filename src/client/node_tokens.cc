#include "client/node_tokens.h"

#include <unistd.h>

#include <algorithm>

#include "base/file.h"
#include "client/node_list.h"
#include "crypto/token_secret.h"
#include "trust/guarded_file.h"

namespace plasm::client {
namespace {

constexpr std::size_t kMaxTokenFileBytes = 4096;

Error NoSecret() {
  return {ErrorCode::kInvalid, "not a token: expected " + std::to_string(crypto::kTokenSecretSize) +
                                   " characters of base64url, as plasmd token create prints them"};
}

}  // namespace

Result<NodeTokens> NodeTokens::Parse(ByteView bytes) {
  if (bytes.size() > kMaxNodeTokensBytes) {
    return Error{ErrorCode::kLimitExceeded,
                 "longer than " + std::to_string(kMaxNodeTokensBytes) + " bytes"};
  }
  NodeTokens tokens;
  std::string_view text = AsText(bytes);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string place = "line " + std::to_string(number) + ": ";
    const std::size_t blank = std::min(line.find(' '), line.size());
    const std::string_view name = line.substr(0, blank);
    if (blank == line.size() || !crypto::IsTokenSecret(line.substr(blank + 1)) ||
        !CheckNodeName(name)) {
      return Error{ErrorCode::kInvalid, place + "expected NAME TOKEN"};
    }
    if (tokens.secrets_.contains(name)) {
      return Error{ErrorCode::kInvalid, place + "a second token for the same node"};
    }
    tokens.secrets_.emplace(name, line.substr(blank + 1));
  }
  return tokens;
}

std::string NodeTokens::Serialize() const {
  std::string text;
  for (const auto& [name, secret] : secrets_) text.append(name + " ").append(secret + "\n");
  return text;
}

std::optional<std::string> NodeTokens::Find(std::string_view node) const {
  const auto found = secrets_.find(node);
  return found == secrets_.end() ? std::nullopt : std::optional(found->second);
}

Result<void> NodeTokens::Put(std::string_view node, std::string_view secret) {
  PLASM_TRY_VOID(CheckNodeName(node));
  if (!crypto::IsTokenSecret(secret)) return NoSecret();
  secrets_.insert_or_assign(std::string(node), std::string(secret));
  return {};
}

Result<NodeTokens> NodeTokenFile::Load() const {
  return trust::ReadGuardedForm<NodeTokens>(folder_ / "node_tokens", kMaxNodeTokensBytes,
                                            trust::OthersMay::kNeitherReadNorWrite);
}

template <class Edit>
Result<void> NodeTokenFile::Change(Edit edit) const {
  PLASM_TRY_VOID(CreateFolders(folder_, 0700));
  PLASM_TRY(const UniqueFd lock,
            trust::LockFile(folder_ / "nodes.lock", trust::LockKind::kExclusive));
  PLASM_TRY(NodeTokens tokens, Load());
  PLASM_TRY(const bool changed, edit(tokens));
  if (!changed) return {};
  return WriteFileAtomically(folder_ / "node_tokens", AsBytes(tokens.Serialize()), {.mode = 0600});
}

Result<void> NodeTokenFile::Put(std::string_view node, std::string_view secret) const {
  return Change([&](NodeTokens& tokens) -> Result<bool> {
    PLASM_TRY_VOID(tokens.Put(node, secret));
    return true;
  });
}

Result<void> NodeTokenFile::Remove(std::string_view node) const {
  return Change([&](NodeTokens& tokens) -> Result<bool> { return tokens.Remove(node); });
}

Result<std::string> ReadTokenSecret(const std::filesystem::path& path) {
  const bool standard_input = path == "-";
  const std::string name = standard_input ? "standard input" : path.string();
  PLASM_TRY(const Bytes bytes, standard_input
                                   ? ReadDescriptor(STDIN_FILENO, name, kMaxTokenFileBytes)
                                   : ReadFile(path, kMaxTokenFileBytes));
  std::string_view text = AsText(bytes);
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (crypto::IsTokenSecret(text)) return std::string(text);
  return Error{ErrorCode::kInvalid, name + ": " + NoSecret().message};
}

}  // namespace plasm::client
