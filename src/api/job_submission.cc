#include "api/job_submission.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "api/bell.h"

namespace plasm::api {
namespace {

using std::chrono::nanoseconds;

// A store that does not answer for so long will not.
constexpr std::chrono::seconds kAcceptedWithin(60);
// How long a request takes to see that the server is about to stop.
constexpr std::chrono::seconds kLookForDrain(1);

// What the service tells, from its threads.
class Outcome {
 public:
  explicit Outcome(Until until) : until_(until) {}

  void OnAccepted(jobs::SubmitOutcome outcome) {
    bool wake = false;
    {
      const std::lock_guard lock(mutex_);
      const bool refused = !std::holds_alternative<jobs::Accepted>(outcome);
      wake = until_ == Until::kAccepted || refused || ended_ != nullptr;
      accepted_ = std::move(outcome);
    }
    if (wake) bell_.Ring();
  }

  void OnEnded(std::shared_ptr<const jobs::EndedJob> ended) {
    bool wake = false;
    {
      const std::lock_guard lock(mutex_);
      ended_ = std::move(ended);
      wake = accepted_.has_value();
    }
    if (wake) bell_.Ring();
  }

  // The request wants less from now on.
  void WaitOnlyUntilAccepted() {
    const std::lock_guard lock(mutex_);
    until_ = Until::kAccepted;
  }

  Submitted Look() const {
    const std::lock_guard lock(mutex_);
    return {accepted_, ended_};
  }

  Bell& bell() { return bell_; }

 private:
  mutable std::mutex mutex_;
  Until until_;
  std::optional<jobs::SubmitOutcome> accepted_;
  std::shared_ptr<const jobs::EndedJob> ended_;
  Bell bell_;
};

// Until `done` says so or the time is up; false when the client is gone or the server drains.
template <class Done>
bool WaitUntil(net::Exchange& exchange, Bell& bell, Clock& clock, nanoseconds limit, Done done) {
  const std::uint64_t begin = clock.MonotonicNs();
  while (!done()) {
    const nanoseconds gone(clock.MonotonicNs() - begin);
    if (gone >= limit || exchange.ClientGone() || exchange.Draining()) return false;
    bell.Wait(exchange, std::min<nanoseconds>(limit - gone, kLookForDrain));
  }
  return true;
}

}  // namespace

Submitted SubmitAndWait(net::Exchange& exchange, jobs::JobService& service,
                        jobs::Submission submission, Until until, nanoseconds wait, Clock& clock) {
  const auto outcome = std::make_shared<Outcome>(until);
  jobs::WhenEnded when_ended;
  if (until == Until::kEnded) {
    when_ended = [outcome](std::shared_ptr<const jobs::EndedJob> ended) {
      outcome->OnEnded(std::move(ended));
    };
  }
  service.Submit(
      std::move(submission),
      [outcome](jobs::SubmitOutcome accepted) { outcome->OnAccepted(std::move(accepted)); },
      std::move(when_ended));

  if (until == Until::kEnded) {
    const bool done = WaitUntil(exchange, outcome->bell(), clock, wait, [&] {
      const Submitted seen = outcome->Look();
      const bool refused = seen.outcome && !std::holds_alternative<jobs::Accepted>(*seen.outcome);
      return refused || (seen.outcome && seen.ended);
    });
    if (done) return outcome->Look();
    outcome->WaitOnlyUntilAccepted();
  }
  // Also while the server drains: the client must learn whether the job was taken.
  const std::uint64_t begin = clock.MonotonicNs();
  while (!outcome->Look().outcome && !exchange.ClientGone()) {
    const nanoseconds gone(clock.MonotonicNs() - begin);
    if (gone >= kAcceptedWithin) break;
    if (!outcome->bell().Wait(exchange, kAcceptedWithin - gone)) break;
  }
  return outcome->Look();
}

Result<std::shared_ptr<const jobs::EndedJob>> WaitForEnd(net::Exchange& exchange,
                                                         jobs::JobService& service,
                                                         const jobs::Client& client,
                                                         const std::string& id, nanoseconds wait,
                                                         Clock& clock) {
  const auto outcome = std::make_shared<Outcome>(Until::kEnded);
  outcome->OnAccepted(jobs::Accepted{.id = id});
  PLASM_TRY_VOID(
      service.WaitFor(client, id, [outcome](auto ended) { outcome->OnEnded(std::move(ended)); }));
  WaitUntil(exchange, outcome->bell(), clock, wait,
            [&] { return outcome->Look().ended != nullptr; });
  return outcome->Look().ended;
}

}  // namespace plasm::api
