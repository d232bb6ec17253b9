// A job that a request has submitted, and what becomes of it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "jobs/job_service.h"
#include "net/exchange.h"

namespace plasm::api {

enum class Until { kAccepted, kEnded };

struct Submitted {
  // Nothing: the client is gone, or the node did not say in time.
  std::optional<jobs::SubmitOutcome> outcome;
  // When it was waited for and came.
  std::shared_ptr<const jobs::EndedJob> ended;
};

// Submits the job and waits until it is on disk or refused; with kEnded, up to `wait` longer for
// its end, unless the client goes away or the server is about to stop.
Submitted SubmitAndWait(net::Exchange& exchange, jobs::JobService& service,
                        jobs::Submission submission, Until until, std::chrono::nanoseconds wait,
                        Clock& clock);

// Waits for the end of a job that was submitted before; null when it does not come in time.
// kNotFound as JobService::WaitFor.
Result<std::shared_ptr<const jobs::EndedJob>> WaitForEnd(
    net::Exchange& exchange, jobs::JobService& service, const jobs::Client& client,
    const std::string& id, std::chrono::nanoseconds wait, Clock& clock);

}  // namespace plasm::api
