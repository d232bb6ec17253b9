// The thread that steers a serving node: signals, watchdog, and what is due from time to time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>

#include "api/access_files.h"
#include "api/retirement.h"
#include "base/clock.h"
#include "base/result.h"
#include "jobs/job_service.h"
#include "net/server.h"
#include "node/live_card.h"
#include "service_notice.h"
#include "service_signals.h"

namespace plasm::app {

// Says that the service is ready when it is made. A signal to stop: jobs that run have drain_ns to
// end, then the server stops, so that Server::Run returns. Ends its thread at its own end.
class ServiceControl {
 public:
  // All outlive it.
  struct Parts {
    const ServiceSignals& signals;
    net::Server& server;
    jobs::JobService& service;
    api::LiveAccess& access;  // the server's thread's
    Clock& clock;
    std::uint64_t drain_ns;
    // All may wait for the disk. The first is called once, when the node serves.
    std::function<void()> warm_up;
    std::function<Result<node::CardNews>()> renew_card;
    std::function<void()> draining;  // before jobs are waited for; may take a second
    std::function<Result<api::Retirement>()> retire;
  };
  explicit ServiceControl(Parts parts);
  ~ServiceControl();

 private:
  void Work();
  void Reload();
  void Stop();
  void RenewCard();
  void Retire();

  Parts parts_;
  ServiceNotice notice_;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

}  // namespace plasm::app
