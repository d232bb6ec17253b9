#include "log_source.h"

#include <utility>

#include "base/file.h"
#include "base/quote.h"
#include "tlog/checkpoint.h"
#include "trust/node_card.h"
#include "verifier_setup.h"

namespace plasm::app {
namespace {

// What a card lists under this origin: the last one, when the node has begun a log anew.
const trust::NodeKey* LogKeyOn(const trust::NodeCard& card, std::string_view origin) {
  const trust::NodeKey* found = nullptr;
  for (const trust::NodeKey& key : card.keys) {
    if (key.use == trust::KeyUse::kLog && key.origin == origin) found = &key;
  }
  return found;
}

Result<tlog::VerifierKey> FindKey(const std::string& origin, const DataFolder& data) {
  PLASM_TRY(const auto own, ReadIfThere(data.card(), trust::kMaxCardBytes));
  if (own) {
    const auto card = trust::OpenNodeCard(*own);
    const trust::NodeKey* key = card ? LogKeyOn(card->card, origin) : nullptr;
    if (key != nullptr) return tlog::LogVerifierKey(origin, key->key);
  }
  PLASM_TRY(const trust::TrustState trusted, LoadTrust(data));
  for (const trust::TrustedNode* node : trusted.file().Nodes()) {
    const trust::OpenedCard* card = trusted.CardOf(node->identity);
    const trust::NodeKey* key = card == nullptr ? nullptr : LogKeyOn(card->card, origin);
    if (key != nullptr) return tlog::LogVerifierKey(origin, key->key);
  }
  return Error{ErrorCode::kDenied, "no card that is known here names the key of the log " +
                                       Quote(origin) + ": give it with --vkey"};
}

}  // namespace

Result<LogSource> OpenLog(const LogFlags& flags, const DataFolder& data) {
  LogSource source;
  source.path = flags.folder.empty() ? data.log() : std::filesystem::path(flags.folder);
  PLASM_TRY(auto folder, tlog::SystemFolder::Open(source.path, tlog::SystemFolder::Access::kRead));
  source.folder = std::make_unique<tlog::SystemFolder>(std::move(folder));
  source.storage = std::make_unique<tlog::FolderStorage>(*source.folder);
  if (!flags.vkey.empty()) {
    PLASM_TRY(source.key, tlog::VerifierKey::FromText(flags.vkey));
    return source;
  }
  PLASM_TRY(const Bytes bytes, source.storage->Read(tlog::kCheckpointPath, tlog::kMaxNoteBytes));
  PLASM_TRY(const auto checkpoint, tlog::SignedCheckpoint::Parse(bytes));
  PLASM_TRY(source.key, FindKey(checkpoint.checkpoint.origin, data));
  return source;
}

}  // namespace plasm::app
