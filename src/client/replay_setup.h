// What a replay on this machine needs: a worker, compiled modules, and places to look for what
// the receipt names.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "blobs/blob_store.h"
#include "blobs/content_source.h"
#include "execution/folder_contents.h"
#include "execution/replay.h"
#include "execution/replay_receipt.h"
#include "home/data_folder.h"
#include "verify/verification.h"
#include "worker/supervisor/artefact_cache.h"

namespace plasm::client {

// A folder that is looked through when something is first asked for that is nowhere else.
class FolderWhenNeeded final : public ContentSource {
 public:
  explicit FolderWhenNeeded(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Result<UniqueFd> Find(const Sha256Digest& digest) const override;

 private:
  std::filesystem::path folder_;
  mutable std::optional<Result<execution::FolderContents>> contents_;
};

// Whether a verification leaves something to run again. When not, its verdict says why: a receipt
// that is not valid stays what it is, and one of version 0.1 becomes kReplayImpossible. Pure.
bool CanBeReplayed(verify::Verification& verification);

// Not thread-safe; the clock must outlive it.
class ReplaySetup {
 public:
  // `engine_version` is that of the worker's engine.
  ReplaySetup(const home::DataFolder& data, execution::ReplaySettings settings,
              std::string engine_version, Clock& clock)
      : blobs_(data.blobs()),
        artefacts_(data.artefacts()),
        replayer_(std::move(settings), artefacts_, clock),
        engine_version_(std::move(engine_version)) {}

  // Blocks until the run has ended. Looks in the data folder's blobs first, then in `folders`.
  Result<execution::ReplayReport> Replay(const receipt::Statement& recorded,
                                         std::optional<ByteView> manifest,
                                         const std::vector<std::filesystem::path>& folders) const;

  // For the step after all others, once it CanBeReplayed: the verdict becomes that of the replay.
  Result<execution::ReplayReport> ReplayVerified(
      verify::Verification& verification, std::optional<ByteView> manifest,
      const std::vector<std::filesystem::path>& folders) const;

 private:
  BlobStore blobs_;
  worker::ArtefactCache artefacts_;
  execution::Replayer replayer_;
  std::string engine_version_;
};

}  // namespace plasm::client
