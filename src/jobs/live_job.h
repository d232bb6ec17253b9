// A job that is queued or running, for those who watch it.
#pragma once

#include <array>
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
  store::JobState state = store::JobState::kQueued;  // the one that it has ended in, in the end
  std::uint32_t attempt = 0;  // 0: not yet started; output is that of this attempt
  std::array<std::uint64_t, 2> bytes{};  // of stdout and stderr, that can be read
};

// Thread-safe. Outlives the job as long as somebody holds it.
class LiveJob {
 public:
  explicit LiveJob(std::string id) : id_(std::move(id)) {}

  const std::string& id() const { return id_; }
  LiveView view() const;

  // Bytes of an attempt's output from `offset` on, at most `most`; empty where there are none,
  // or when the attempt is over because another has begun.
  Result<Bytes> Read(std::uint32_t attempt, worker::Stream stream, std::uint64_t offset,
                     std::size_t most) const;

  // Calls `changed` after each change until what is returned is let go; possibly from several
  // threads at once, and once more after it was let go. It must be quick and must not wait.
  using Changed = std::function<void()>;
  std::shared_ptr<const Changed> Watch(Changed changed);

 private:
  friend class RunningJob;

  const std::string id_;
  mutable std::mutex mutex_;
  LiveView view_;
  std::array<OutputBuffer, 2> output_;
  std::vector<std::weak_ptr<const Changed>> watchers_;
};

}  // namespace plasm::jobs
