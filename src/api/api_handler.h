// The API: finds the route, asks whether whoever asks may, and lets the route answer.
#pragma once

#include <functional>

#include "api/access_files.h"
#include "api/blob_routes.h"
#include "api/compat_routes.h"
#include "api/daily_budget.h"
#include "api/job_events.h"
#include "api/job_routes.h"
#include "api/log_routes.h"
#include "api/node_routes.h"
#include "api/request_counters.h"
#include "api/router.h"
#include "base/clock.h"
#include "net/exchange.h"

namespace plasm::api {

// One of each group; they outlive the handler.
struct RouteGroups {
  NodeRoutes& node;
  JobRoutes& jobs;
  JobEvents& events;
  BlobRoutes& blobs;
  LogRoutes& logs;
  CompatRoutes& compat;
};

// What a log line says of a request that was answered.
struct Served {
  std::string_view method;
  std::string_view path;  // of the router's table; empty for one that it does not know
  std::string_view parameter;
  std::string_view client;  // its identity; empty for nobody's
  int status = 0;
  std::uint64_t time_ms = 0;
};

// Belongs to the server's thread. The references outlive it.
class ApiHandler final : public net::Handler {
 public:
  using Report = std::function<void(const Served&)>;

  ApiHandler(RouteGroups groups, LiveAccess& access, RequestCounters& counters, Clock& clock,
             uid_t owner, Report report)
      : groups_(groups),
        access_(access),
        counters_(counters),
        clock_(clock),
        owner_(owner),
        report_(std::move(report)) {}

  void Serve(net::Exchange& exchange) override;

 private:
  bool LetIn(Call& call, Needs needs);
  bool Counts(Call& call, Route route);
  void Dispatch(Call& call, Route route);

  RouteGroups groups_;
  LiveAccess& access_;
  RequestCounters& counters_;
  Clock& clock_;
  const uid_t owner_;
  Report report_;
  DailyBudget submissions_;
};

}  // namespace plasm::api
