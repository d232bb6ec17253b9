#include "client/abandoned_jobs.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <utility>

#include "client/node_access.h"

namespace plasm::client {
namespace {

constexpr int kPauseMs = 1000;
constexpr std::chrono::seconds kAwaited(2);

// Whether the node has answered, whatever it was: a job that it does not have needs no end.
bool HasAnswered(const home::DataFolder& data, const KnownNode& node, const std::string& job_id,
                 Clock& clock, Entropy& entropy, const SessionSettings& settings) {
  const auto access = NodeAccess::Open(data, node, clock, entropy, settings);
  if (!access) return true;  // a matter of this machine, which another try does not mend
  const auto cancelled = (*access)->node().Cancel(job_id);
  return cancelled || (cancelled.error().code != ErrorCode::kUnavailable &&
                       cancelled.error().code != ErrorCode::kOverloaded);
}

}  // namespace

AbandonedJobs::AbandonedJobs(const home::DataFolder& data, Clock& clock, Entropy& entropy)
    : data_(data),
      clock_(clock),
      entropy_(entropy),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

AbandonedJobs::~AbandonedJobs() {
  (void)::eventfd_write(stop_.get(), 1);
  for (std::thread& thread : threads_) thread.join();
}

void AbandonedJobs::Cancel(const KnownNode& node, const std::string& job_id) {
  const std::lock_guard lock(mutex_);
  threads_.emplace_back([this, node, job_id] { Work(node, job_id); });
}

void AbandonedJobs::Work(const KnownNode& node, const std::string& job_id) {
  SessionSettings settings = OnceWithin(kAwaited);
  while (!HasAnswered(data_, node, job_id, clock_, entropy_, settings)) {
    pollfd polled{stop_.get(), POLLIN, 0};
    if (poll(&polled, 1, kPauseMs) != 0) return;
    settings.interrupt_fd = stop_.get();
  }
}

}  // namespace plasm::client
