#include "replay_setup.h"

#include <utility>

#include "worker/supervisor/worker_process.h"

namespace plasm::app {

Result<UniqueFd> FolderWhenNeeded::Find(const Sha256Digest& digest) const {
  if (!contents_) contents_.emplace(execution::FolderContents::Scan(folder_));
  if (!*contents_) return contents_->error();
  return (*contents_)->Find(digest);
}

Result<std::unique_ptr<ReplaySetup>> ReplaySetup::Make(const DataFolder& data,
                                                       const ReplayFlags& flags, Clock& clock) {
  PLASM_TRY(auto worker_program, worker::FindWorkerProgram());
  return std::unique_ptr<ReplaySetup>(new ReplaySetup(
      data,
      {.worker_program = std::move(worker_program),
       .target = flags.engine == "pulley" ? worker::Target::kPulley : worker::Target::kNative,
       .timeout_ns = static_cast<std::uint64_t>(flags.timeout_seconds * 1e9)},
      clock));
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
  return execution::ReplayReceipt(recorded, manifest, source, replayer_, PLASM_ENGINE_VERSION);
}

}  // namespace plasm::app
