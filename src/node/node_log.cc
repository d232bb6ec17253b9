#include "node/node_log.h"

#include <utility>

#include "base/file.h"

namespace plasm::node {
namespace {

constexpr std::uint64_t kPatienceNs = 30'000'000'000;
constexpr std::uint64_t kBetweenTriesNs = 2'000'000;

Result<tlog::SystemFolder> WaitForLock(const std::filesystem::path& folder, Clock& clock) {
  const std::uint64_t give_up = clock.MonotonicNs() + kPatienceNs;
  while (true) {
    auto opened = tlog::SystemFolder::Open(folder, tlog::SystemFolder::Access::kWrite);
    if (opened || opened.error().code != ErrorCode::kConflict) return opened;
    if (clock.MonotonicNs() >= give_up) {
      return Error{ErrorCode::kUnavailable,
                   folder.string() + ": another process has had the log for 30 seconds"};
    }
    clock.SleepNs(kBetweenTriesNs);
  }
}

}  // namespace

Result<NodeLog> NodeLog::Open(const std::filesystem::path& folder, const std::string& origin,
                              const crypto::SigningKey& key, IfMissing if_missing, Clock& clock) {
  PLASM_TRY_VOID(CreateFolders(folder.parent_path(), 0700));
  NodeLog log;
  PLASM_TRY(tlog::SystemFolder opened, WaitForLock(folder, clock));
  log.folder_ = std::make_unique<tlog::SystemFolder>(std::move(opened));
  log.storage_ = std::make_unique<tlog::FolderStorage>(*log.folder_);
  auto writer = tlog::LogWriter::Open(*log.storage_, origin, key);
  if (!writer && writer.error().code == ErrorCode::kNotFound) {
    if (if_missing == IfMissing::kRefuse) {
      return Error{ErrorCode::kNotFound,
                   folder.string() +
                       ": this node's log is gone. Restore it, or move log.key away "
                       "to begin another log under another origin"};
    }
    writer = tlog::LogWriter::Create(*log.storage_, origin, key);
  }
  if (!writer) return std::move(writer).error();
  log.writer_ = std::make_unique<tlog::LogWriter>(*std::move(writer));
  return log;
}

Result<std::vector<tlog::ProofFile>> NodeLog::Append(
    const std::vector<const IssuedReceipt*>& receipts) {
  std::vector<ByteView> entries;
  entries.reserve(receipts.size());
  for (const IssuedReceipt* receipt : receipts) entries.push_back(AsBytes(receipt->log_entry));
  PLASM_TRY(const std::uint64_t first, writer_->Append(entries));
  std::vector<tlog::ProofFile> proofs;
  proofs.reserve(receipts.size());
  for (std::uint64_t i = 0; i < receipts.size(); ++i) {
    PLASM_TRY(tlog::ProofFile proof, writer_->Proof(first + i));
    proofs.push_back(std::move(proof));
  }
  return proofs;
}

}  // namespace plasm::node
