// What a job writes, on its way to somebody who watches: with digests of all of it, to be held
// against the receipt.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "client/job_event.h"
#include "client/job_watch.h"
#include "client/node_connection.h"

namespace plasm::client {

// Hands everything on to `next`, which outlives it. One thread at a time, one job.
class DigestedOutput final : public JobWatcher {
 public:
  explicit DigestedOutput(JobWatcher& next) : next_(next) {}

  void OnState(JobState state) override { next_.OnState(state); }
  Result<void> OnOutput(worker::Stream stream, ByteView bytes) override;
  void OnRestart() override { next_.OnRestart(); }

  // As WatchJob, with this as the watcher.
  Result<JobDocument> Watch(NodeSession& session, std::string_view id);
  // Fetches what is missing of a stream that should have `bytes` bytes: a job that ended before
  // anybody watched it does not tell all of it then. Errors as NodeConnection and the watcher.
  Result<void> Complete(NodeConnection& node, std::string_view id, worker::Stream stream,
                        std::uint64_t bytes);

  // Of a stream that has ended; once.
  Sha256Digest TakeDigest(worker::Stream stream);

 private:
  JobWatcher& next_;
  OutputProgress progress_;
  std::array<Sha256, 2> digests_;
};

}  // namespace plasm::client
