// Fetches what jobs read, away from the thread that runs them.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "base/result.h"
#include "blobs/content_source.h"
#include "jobs/guest_run.h"
#include "jobs/mailbox.h"
#include "receipt/manifest_v1.h"

namespace plasm::jobs {

// Standard input is held in memory while a job runs.
inline constexpr std::uint64_t kMaxStdinBytes = std::uint64_t{256} << 20;

// Whether everything is in the manifest itself.
bool NeedsNothing(const receipt::Manifest& manifest);
PreparedInputs InlineInputs(const receipt::Manifest& manifest);

// Reads and checks contents. kNotFound or kCorrupt when something is not there as named.
Result<PreparedInputs> FetchFor(const receipt::Manifest& manifest, const ContentSource& source);

// One thread. The references must outlive it.
class Preparer {
 public:
  using Done = std::function<void(Result<PreparedInputs>)>;

  Preparer(const ContentSource& source, Mailbox& mailbox);
  ~Preparer();  // forgets what has not begun
  Preparer(const Preparer&) = delete;
  Preparer& operator=(const Preparer&) = delete;

  // `done` is called by whoever reads the mailbox. The manifest must live until then.
  void Prepare(const receipt::Manifest& manifest, Done done);

 private:
  struct Order {
    const receipt::Manifest* manifest;
    Done done;
  };
  void Work();

  const ContentSource& source_;
  Mailbox& mailbox_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Order> orders_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace plasm::jobs
