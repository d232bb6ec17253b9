#include "client/replay_setup.h"

#include <utility>

namespace plasm::client {

Result<UniqueFd> FolderWhenNeeded::Find(const Sha256Digest& digest) const {
  if (!contents_) contents_.emplace(execution::FolderContents::Scan(folder_));
  if (!*contents_) return contents_->error();
  return (*contents_)->Find(digest);
}

bool CanBeReplayed(verify::Verification& verification) {
  if (verification.verdict == receipt::Verdict::kValidLegacyUnbound) {
    verification.verdict = receipt::Verdict::kReplayImpossible;
    verification.reason = "a receipt of version 0.1 names neither input nor output";
  }
  return verification.verdict == receipt::Verdict::kValid;
}

Result<execution::ReplayReport> ReplaySetup::Replay(
    const receipt::Statement& recorded, std::optional<ByteView> manifest,
    const std::vector<std::filesystem::path>& folders) const {
  std::vector<std::unique_ptr<FolderWhenNeeded>> beside;
  std::vector<const ContentSource*> places{&blobs_};
  for (const auto& folder : folders) {
    beside.push_back(std::make_unique<FolderWhenNeeded>(folder));
    places.push_back(beside.back().get());
  }
  const ContentSources source(std::move(places));
  return execution::ReplayReceipt(recorded, manifest, source, replayer_, engine_version_);
}

Result<execution::ReplayReport> ReplaySetup::ReplayVerified(
    verify::Verification& verification, std::optional<ByteView> manifest,
    const std::vector<std::filesystem::path>& folders) const {
  PLASM_TRY(execution::ReplayReport report, Replay(*verification.statement, manifest, folders));
  verification.verdict = report.verdict;
  verification.reason = report.reason;
  return report;
}

}  // namespace plasm::client
