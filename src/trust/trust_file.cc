#include "trust/trust_file.h"

#include <algorithm>
#include <utility>

#include "base/quote.h"
#include "crypto/public_key_text.h"
#include "trust/trust_line.h"

namespace plasm::trust {
namespace {

constexpr std::size_t kMaxLines = 10'000;

// What is a conflict when a node is added is a mistake when it stands in the file.
Error InLine(std::size_t number, const Error& error) {
  const bool conflict = error.code == ErrorCode::kConflict;
  return {conflict ? ErrorCode::kInvalid : error.code,
          "trust file, line " + std::to_string(number) + ": " + error.message};
}

Error TooLarge() {
  return {ErrorCode::kLimitExceeded, "trust file: larger than 10,000 lines or 1 MiB"};
}

}  // namespace

std::string_view TrustLevelName(TrustLevel level) {
  switch (level) {
    case TrustLevel::kSigned:
      return "signed";
    case TrustLevel::kLogged:
      return "logged";
    case TrustLevel::kWitnessed:
      return "witnessed";
    case TrustLevel::kBlocked:
      return "blocked";
  }
  return "";
}

Result<TrustLevel> ParseTrustLevel(std::string_view text) {
  for (const TrustLevel level :
       {TrustLevel::kSigned, TrustLevel::kLogged, TrustLevel::kWitnessed, TrustLevel::kBlocked}) {
    if (text == TrustLevelName(level)) return level;
  }
  return Error{ErrorCode::kInvalid,
               "level: found " + Quote(text) + ", expected signed, logged, witnessed or blocked"};
}

Result<TrustFile> TrustFile::Parse(ByteView bytes) {
  if (bytes.size() > kMaxTrustFileBytes) return TooLarge();
  TrustFile file;
  std::string_view text = AsText(bytes);
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, size);
    text.remove_prefix(std::min(size + 1, text.size()));
    const std::size_t number = file.lines_.size() + 1;
    auto node = ParseTrustLine(line);
    if (!node) return InLine(number, node.error());
    const auto appended = file.Append({std::string(line), *std::move(node)});
    if (!appended) return InLine(number, appended.error());
  }
  return file;
}

std::string TrustFile::Serialize() const {
  std::string text;
  text.reserve(bytes_);
  for (const Line& line : lines_) text += line.text + "\n";
  return text;
}

std::vector<const TrustedNode*> TrustFile::Nodes() const {
  std::vector<const TrustedNode*> nodes;
  for (const Line& line : lines_) {
    if (line.node) nodes.push_back(&*line.node);
  }
  return nodes;
}

const TrustedNode* TrustFile::FindByName(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &*lines_[found->second].node;
}

const TrustedNode* TrustFile::FindByFingerprint(std::string_view identity) const {
  const auto found = by_fingerprint_.find(identity);
  return found == by_fingerprint_.end() ? nullptr : &*lines_[found->second].node;
}

const TrustedNode* TrustFile::FindByIdentity(const crypto::PublicKey& identity) const {
  return FindByFingerprint(crypto::Fingerprint(identity));
}

Result<void> TrustFile::Add(TrustedNode node) {
  PLASM_TRY_VOID(CheckTrustedNode(node));
  std::string text = WriteTrustLine(node);
  return Append({std::move(text), std::move(node)});
}

Result<void> TrustFile::Remove(std::string_view name) {
  PLASM_TRY_VOID(Find(name));
  const std::size_t place = by_name_.find(name)->second;
  bytes_ -= lines_[place].text.size() + 1;
  lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(place));
  Index();
  return {};
}

Result<void> TrustFile::SetLevel(std::string_view name, TrustLevel level) {
  PLASM_TRY(const TrustedNode* node, Find(name));
  TrustedNode edited = *node;
  edited.level = level;
  return Replace(std::move(edited));
}

Result<void> TrustFile::SetCardVersion(std::string_view name, std::uint64_t version) {
  PLASM_TRY(const TrustedNode* node, Find(name));
  if (version < node->card_version.value_or(0)) {
    return Error{ErrorCode::kConflict, "node " + Quote(name) + ": card version " +
                                           std::to_string(version) + " is below " +
                                           std::to_string(*node->card_version) +
                                           ", which was accepted before"};
  }
  TrustedNode edited = *node;
  edited.card_version = version;
  return Replace(std::move(edited));
}

Result<void> TrustFile::Revoke(std::string_view name, OwnRevocation revocation) {
  PLASM_TRY(const TrustedNode* node, Find(name));
  const bool there = std::ranges::any_of(node->revoked, [&](const OwnRevocation& old) {
    return old.fingerprint == revocation.fingerprint;
  });
  if (there) {
    return Error{ErrorCode::kConflict,
                 "node " + Quote(name) + ": key " + revocation.fingerprint + " is revoked already"};
  }
  TrustedNode edited = *node;
  edited.revoked.push_back(std::move(revocation));
  return Replace(std::move(edited));
}

Result<void> TrustFile::Append(Line line) {
  if (lines_.size() == kMaxLines || bytes_ + line.text.size() + 1 > kMaxTrustFileBytes) {
    return TooLarge();
  }
  if (line.node) {
    if (by_name_.contains(line.node->name)) {
      return Error{ErrorCode::kConflict, "name " + Quote(line.node->name) + " is taken"};
    }
    std::string fingerprint = crypto::Fingerprint(line.node->identity);
    if (const TrustedNode* other = FindByFingerprint(fingerprint)) {
      return Error{ErrorCode::kConflict, "the identity key " + fingerprint + " is that of node " +
                                             Quote(other->name) + " already"};
    }
    by_name_.emplace(line.node->name, lines_.size());
    by_fingerprint_.emplace(std::move(fingerprint), lines_.size());
  }
  bytes_ += line.text.size() + 1;
  lines_.push_back(std::move(line));
  return {};
}

Result<const TrustedNode*> TrustFile::Find(std::string_view name) const {
  if (const TrustedNode* node = FindByName(name)) return node;
  return Error{ErrorCode::kNotFound, "no node is trusted under the name " + Quote(name)};
}

// `edited` has the name and identity of a node that is there.
Result<void> TrustFile::Replace(TrustedNode edited) {
  PLASM_TRY_VOID(CheckTrustedNode(edited));
  Line& line = lines_[by_name_.at(edited.name)];
  std::string text = WriteTrustLine(edited);
  if (const std::string_view comment = CommentOf(line.text); !comment.empty()) {
    text += " " + std::string(comment);
  }
  const std::size_t bytes = bytes_ - line.text.size() + text.size();
  if (bytes > kMaxTrustFileBytes) return TooLarge();
  bytes_ = bytes;
  line = {std::move(text), std::move(edited)};
  return {};
}

void TrustFile::Index() {
  by_name_.clear();
  by_fingerprint_.clear();
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!lines_[i].node) continue;
    by_name_.emplace(lines_[i].node->name, i);
    by_fingerprint_.emplace(crypto::Fingerprint(lines_[i].node->identity), i);
  }
}

}  // namespace plasm::trust
