#include "trust/trust_store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/file.h"
#include "base/system_error.h"
#include "trust/guarded_file.h"

namespace plasm::trust {
namespace {

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;

std::filesystem::path LockPath(const std::filesystem::path& folder) {
  return folder / "trusted_nodes.lock";
}

// The user's choice of 0644 or 0600 stays.
mode_t ModeFor(const std::filesystem::path& path) {
  struct stat info{};
  if (stat(path.c_str(), &info) != 0) return kFileMode;
  return (info.st_mode & 0044) | kFileMode;
}

}  // namespace

std::filesystem::path TrustStore::CardPath(const crypto::PublicKey& identity) const {
  return folder_ / "cards" / (identity.ToHex() + ".json");
}

Result<TrustFile> TrustStore::ReadTrustFile() const {
  return ReadGuardedForm<TrustFile>(TrustFilePath(), kMaxTrustFileBytes);
}

Result<void> TrustStore::WriteTrustFile(const TrustFile& file) const {
  return WriteFileAtomically(TrustFilePath(), AsBytes(file.Serialize()),
                             {.mode = ModeFor(TrustFilePath()),
                              .if_exists = IfExists::kReplace,
                              .durability = Durability::kSynced});
}

Result<OpenedCard> TrustStore::ReadCard(const crypto::PublicKey& identity) const {
  const std::filesystem::path path = CardPath(identity);
  PLASM_TRY(const Bytes bytes, ReadGuardedFile(path, kMaxCardBytes));
  auto card = OpenNodeCard(bytes);
  if (!card) return Error{card.error().code, path.string() + ": " + card.error().message};
  if (card->card.identity != identity) {
    return Error{ErrorCode::kInvalid,
                 path.string() + ": found a card of identity " + card->card.identity.ToHex()};
  }
  return card;
}

Result<LoadedTrust> TrustStore::Load() const {
  PLASM_TRY(const UniqueFd lock, LockFile(LockPath(folder_), LockKind::kShared));
  PLASM_TRY(TrustFile file, ReadTrustFile());
  LoadedTrust loaded{TrustState(std::move(file)), {}};
  for (const TrustedNode* node : loaded.state.file().Nodes()) {
    auto card = ReadCard(node->identity);
    if (!card) {
      if (card.error().code != ErrorCode::kNotFound) loaded.reports.push_back(card.error());
      continue;
    }
    const auto taken = loaded.state.TakeCard(*std::move(card));
    if (!taken) loaded.reports.push_back(taken.error());
  }
  return loaded;
}

template <class Edit>
Result<void> TrustStore::Change(Edit edit) const {
  PLASM_TRY_VOID(CreateFolders(folder_, kFolderMode));
  PLASM_TRY(const UniqueFd lock, LockFile(LockPath(folder_), LockKind::kExclusive));
  PLASM_TRY(TrustFile file, ReadTrustFile());
  PLASM_TRY_VOID(edit(file));
  return WriteTrustFile(file);
}

Result<void> TrustStore::Add(TrustedNode node) const {
  return Change([&](TrustFile& file) { return file.Add(std::move(node)); });
}

Result<void> TrustStore::SetLevel(std::string_view name, TrustLevel level) const {
  return Change([&](TrustFile& file) { return file.SetLevel(name, level); });
}

Result<void> TrustStore::Revoke(std::string_view name, OwnRevocation revocation) const {
  return Change([&](TrustFile& file) { return file.Revoke(name, std::move(revocation)); });
}

Result<void> TrustStore::Remove(std::string_view name) const {
  return Change([&](TrustFile& file) -> Result<void> {
    const TrustedNode* node = file.FindByName(name);
    const std::filesystem::path card = node == nullptr ? "" : CardPath(node->identity);
    PLASM_TRY_VOID(file.Remove(name));
    // Before the line goes: a card that stayed would bind a node that is added again.
    if (unlink(card.c_str()) != 0 && errno != ENOENT) return SystemError(errno, card.string());
    return {};
  });
}

Result<CardStanding> TrustStore::AcceptCard(ByteView envelope_json) const {
  PLASM_TRY(OpenedCard offered, OpenNodeCard(envelope_json));
  const crypto::PublicKey identity = offered.card.identity;
  const std::uint64_t version = offered.card.version;

  PLASM_TRY_VOID(CreateFolders(folder_, kFolderMode));
  PLASM_TRY(const UniqueFd lock, LockFile(LockPath(folder_), LockKind::kExclusive));
  PLASM_TRY(TrustFile file, ReadTrustFile());
  TrustState state(file);
  // A kept card that is damaged or too old counts as not there; the offered one replaces it.
  if (auto kept = ReadCard(identity)) static_cast<void>(state.TakeCard(*std::move(kept)));
  PLASM_TRY(const CardStanding standing, state.TakeCard(std::move(offered)));

  // The version before the card: whatever happens in between, nothing older counts again.
  const TrustedNode& node = *file.FindByIdentity(identity);
  if (node.card_version != version) {
    PLASM_TRY_VOID(file.SetCardVersion(std::string(node.name), version));
    PLASM_TRY_VOID(WriteTrustFile(file));
  }
  if (standing == CardStanding::kSameAgain) return standing;
  PLASM_TRY_VOID(CreateFolders(folder_ / "cards", kFolderMode));
  PLASM_TRY_VOID(WriteFileAtomically(
      CardPath(identity), envelope_json,
      {.mode = kFileMode, .if_exists = IfExists::kReplace, .durability = Durability::kSynced}));
  return standing;
}

}  // namespace plasm::trust
