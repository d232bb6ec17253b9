#include "node/node_log.h"

#include <utility>

#include "base/file.h"
#include "tlog/folder_storage.h"

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
  PLASM_TRY(tlog::SystemFolder opened, WaitForLock(folder, clock));
  auto system_folder = std::make_unique<tlog::SystemFolder>(std::move(opened));
  auto storage = std::make_unique<tlog::FolderStorage>(*system_folder);
  auto log = OpenOn(std::move(storage), folder.string(), origin, key, if_missing);
  if (log) log->folder_ = std::move(system_folder);
  return log;
}

Result<NodeLog> NodeLog::OpenOn(std::unique_ptr<tlog::Storage> storage, const std::string& name,
                                const std::string& origin, const crypto::SigningKey& key,
                                IfMissing if_missing) {
  NodeLog log(std::move(storage), origin, key);
  auto writer = tlog::LogWriter::Open(*log.storage_, origin, key);
  if (!writer && writer.error().code == ErrorCode::kNotFound) {
    if (if_missing == IfMissing::kRefuse) {
      return Error{ErrorCode::kNotFound,
                   name +
                       ": this node's log is gone. Restore it, or move log.key away to begin "
                       "another log under another origin"};
    }
    writer = tlog::LogWriter::Create(*log.storage_, origin, key);
  }
  if (!writer) return std::move(writer).error();
  log.writer_ = std::make_unique<tlog::LogWriter>(*std::move(writer));
  return log;
}

Result<std::uint64_t> NodeLog::Append(std::span<const ByteView> entries) {
  if (writer_->broken()) {
    PLASM_TRY(tlog::LogWriter again, tlog::LogWriter::Open(*storage_, origin_, *key_));
    writer_ = std::make_unique<tlog::LogWriter>(std::move(again));
  }
  return writer_->Append(entries);
}

}  // namespace plasm::node
