// What a replay on this machine needs: a worker, compiled modules, and places to look for what
// the receipt names.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "blobs/blob_store.h"
#include "blobs/content_source.h"
#include "cli/data_folder.h"
#include "execution/folder_contents.h"
#include "execution/replay.h"
#include "execution/replay_receipt.h"
#include "worker/supervisor/artefact_cache.h"

namespace plasm::app {

// A folder that is looked through when something is first asked for that is nowhere else.
class FolderWhenNeeded final : public ContentSource {
 public:
  explicit FolderWhenNeeded(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Result<UniqueFd> Find(const Sha256Digest& digest) const override;

 private:
  std::filesystem::path folder_;
  mutable std::optional<Result<execution::FolderContents>> contents_;
};

struct ReplayFlags {
  std::string engine = "jit";
  double timeout_seconds = 300;  // zero: none
};

// Not thread-safe; the clock must outlive it.
class ReplaySetup {
 public:
  static Result<std::unique_ptr<ReplaySetup>> Make(const DataFolder& data, const ReplayFlags& flags,
                                                   Clock& clock);

  // Looks in the data folder's blobs first, then in `folders`.
  Result<execution::ReplayReport> Replay(const receipt::Statement& recorded,
                                         std::optional<ByteView> manifest,
                                         const std::vector<std::filesystem::path>& folders) const;

 private:
  ReplaySetup(const DataFolder& data, execution::ReplaySettings settings, Clock& clock)
      : blobs_(data.blobs()),
        artefacts_(data.artefacts()),
        replayer_(std::move(settings), artefacts_, clock) {}

  BlobStore blobs_;
  worker::ArtefactCache artefacts_;
  execution::Replayer replayer_;
};

}  // namespace plasm::app
