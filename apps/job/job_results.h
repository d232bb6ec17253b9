// Where the results of a job go: to the user, into the blobs, and into the digests of a receipt.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "blobs/blob_store.h"
#include "execution/kept_results.h"
#include "execution/result_digests.h"
#include "job/output_sink.h"
#include "worker/supervisor/executor.h"
#include "worker/supervisor/output_writer.h"

namespace plasm::app {

// Not thread-safe. `sink` outlives it, as does `keep`, which may be null.
class JobResults {
 public:
  // `outputs` are Job::outputs, each with the path on this machine at the same place in
  // `destinations`.
  JobResults(OutputSink& sink, std::vector<std::string> outputs,
             std::vector<std::filesystem::path> destinations, const BlobStore* keep);

  // For the run.
  worker::JobEvents& events() { return digests_; }

  // After the run. What went wrong when results were kept, as on a full disk.
  Result<void> FinishKeeping();
  execution::ResultDigests& digests() { return digests_; }
  // The outputs of which nothing came back.
  std::vector<std::string> Missing() const;

 private:
  class ToUser final : public worker::JobEvents {
   public:
    ToUser(OutputSink& sink, std::vector<std::filesystem::path> destinations)
        : sink_(sink), files_(std::move(destinations)) {}
    void OnOutput(worker::Stream stream, ByteView bytes) override { sink_.OnOutput(stream, bytes); }
    Result<void> OnFile(const worker::FileMessage& file) override {
      seen_.insert(file.output);
      return files_.Begin(file);
    }
    Result<void> OnFileData(ByteView bytes) override { return files_.Write(bytes); }
    void OnEnded(const worker::JobEnding&) override {}
    int BlockedOn() const override { return sink_.BlockedOn(); }
    void OnWritable() override { sink_.OnWritable(); }

    // Numbers of the outputs that came back, whole or in part.
    const std::set<std::uint32_t>& seen() const { return seen_; }

   private:
    OutputSink& sink_;
    worker::OutputWriter files_;
    std::set<std::uint32_t> seen_;
  };

  worker::JobEvents& BehindDigests(const BlobStore* keep);

  // An event passes from the last to the first.
  std::vector<std::string> outputs_;
  ToUser to_user_;
  std::optional<execution::KeptResults> kept_;
  execution::ResultDigests digests_;
};

}  // namespace plasm::app
