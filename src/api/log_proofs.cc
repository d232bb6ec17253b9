#include "api/log_proofs.h"

#include <algorithm>

#include "base/quote.h"
#include "node/local_node.h"
#include "node/own_card.h"
#include "tlog/folder.h"
#include "tlog/folder_storage.h"
#include "tlog/log_reader.h"

namespace plasm::api {

LogProofs::LogProofs(const std::filesystem::path& data_folder, const trust::NodeCard& card) {
  for (const trust::NodeKey& key : card.keys) {
    if (key.use != trust::KeyUse::kLog) continue;
    logs_.push_back({.origin = key.origin,
                     .key = key.key,
                     .folder = node::LogFolder(data_folder, node::LogNumberOf(card, key.key))});
  }
}

Result<std::string> LogProofs::ProofOf(const store::LogPosition& position) const {
  const auto log = std::ranges::find(logs_, position.origin, &Log::origin);
  if (log == logs_.end()) {
    return Error{ErrorCode::kNotFound,
                 "the node's card does not list the log " + Quote(position.origin)};
  }
  PLASM_TRY(auto folder, tlog::SystemFolder::Open(log->folder, tlog::SystemFolder::Access::kRead));
  tlog::FolderStorage storage(folder);
  PLASM_TRY(auto reader,
            tlog::LogReader::Open(storage, tlog::LogVerifierKey(log->origin, log->key)));
  PLASM_TRY(const tlog::ProofFile proof, reader.Proof(position.index));
  return proof.Serialize();
}

}  // namespace plasm::api
