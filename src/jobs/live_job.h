// A job that is queued or running, for those who watch it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "jobs/output_buffer.h"
#include "store/job_state.h"
#include "worker/protocol/messages.h"

namespace plasm::jobs {

// What there is at one moment.
struct LiveView {
  store::JobState state = store::JobState::kQueued;  // in the end, the one that it has ended in
  std::uint32_t run = 1;                 // output is that of this run; raised when it starts over
  std::array<std::uint64_t, 2> bytes{};  // of stdout and stderr, that can be read
};

// Thread-safe. Outlives the job as long as somebody holds it. The blob store must outlive it.
class LiveJob {
 public:
  explicit LiveJob(const BlobStore& blobs) : output_{OutputBuffer(blobs), OutputBuffer(blobs)} {}

  LiveView view() const;

  // Bytes of a run's output from `offset` on, at most `most`; empty where there are none, or when
  // another run has begun.
  Result<Bytes> Read(std::uint32_t run, worker::Stream stream, std::uint64_t offset,
                     std::size_t most) const;

  // Calls `changed` after each change until what is returned is let go; possibly from several
  // threads at once, and once more after it was let go. It must be quick and must not wait.
  using Changed = std::function<void()>;
  std::shared_ptr<const Changed> Watch(Changed changed);

  // For the one who runs the job.
  void SetState(store::JobState state);
  Result<void> Append(worker::Stream stream, ByteView bytes);
  // The guest begins again, and may write something else this time.
  void StartOver();
  Result<store::StreamRecord> Finish(worker::Stream stream, const Sha256Digest& digest);

 private:
  void Tell();

  mutable std::mutex mutex_;
  LiveView view_;
  std::array<OutputBuffer, 2> output_;
  std::vector<std::weak_ptr<const Changed>> watchers_;
};

}  // namespace plasm::jobs
