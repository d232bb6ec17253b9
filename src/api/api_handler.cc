#include "api/api_handler.h"

#include <utility>

#include "base/quote.h"

namespace plasm::api {
namespace {

constexpr std::string_view kUnknownPath = "other";

}  // namespace

void ApiHandler::Serve(net::Exchange& exchange) {
  const std::uint64_t begin = clock_.MonotonicNs();
  const auto match = FindRoute(exchange.request().segments());
  Call call(exchange, match ? match->parameter : std::string_view());
  if (!match) {
    call.Fail({ErrorCode::kNotFound, "there is no path " + Quote(exchange.request().path())});
  } else if (!Allows(*match->row, call.method())) {
    call.Problem(
        405, ErrorCode::kInvalid,
        "method: found " + Quote(call.method()) + ", expected " + std::string(match->row->methods),
        {{"Allow", match->row->methods}});
  } else if (LetIn(call, match->row->needs) && Counts(call, match->row->route)) {
    Dispatch(call, match->row->route);
  }
  const std::uint64_t time_ms = (clock_.MonotonicNs() - begin) / 1'000'000;
  const std::string_view path = match ? match->row->path : std::string_view();
  counters_.Count(match ? path : kUnknownPath, call.status(), time_ms);
  report_({.method = call.method(),
           .path = path,
           .parameter = call.parameter(),
           .client = call.client().name,
           .status = call.status(),
           .time_ms = time_ms});
}

bool ApiHandler::LetIn(Call& call, Needs needs) {
  if (needs == Needs::kNothing) return true;
  const auto header = call.request().Header("Authorization");
  if (!header) return call.Fail(header.error()), false;
  auto decided = Authorize(access_.Current(), call.exchange().peer(), *header,
                           UtcTime::FromNanoseconds(clock_.RealtimeNs()), owner_);
  if (const auto* unknown = std::get_if<Unknown>(&decided)) {
    call.Problem(401, ErrorCode::kDenied, unknown->detail, {{"WWW-Authenticate", "Bearer"}});
    return false;
  }
  call.SetAccess(std::get<Access>(std::move(decided)));
  const Scopes& scopes = call.access().scopes;
  if (needs == Needs::kMetrics ? scopes.metrics : scopes.jobs) return true;
  call.Fail({ErrorCode::kDenied, std::string("this needs the scope ") +
                                     (needs == Needs::kMetrics ? "metrics" : "jobs") + ", which " +
                                     Quote(call.client().name) + " does not have"});
  return false;
}

// Whether one more submission, if it is one, is within what the client may in a day.
bool ApiHandler::Counts(Call& call, Route route) {
  const std::optional<std::uint64_t> limit = call.access().submissions;
  const bool submits = route == Route::kOffers || route == Route::kExecute ||
                       (route == Route::kJobs && call.method() == "POST");
  if (!limit || !submits) return true;
  const std::string& share = call.client().Share();
  const std::uint64_t now = clock_.RealtimeNs();
  if (submissions_.Left(share, *limit, now) == 0) {
    call.Fail(
        {ErrorCode::kLimitExceeded, "this node takes " + std::to_string(*limit) +
                                        " jobs and offers a day from all its guests, and has "
                                        "taken them: come tomorrow (UTC), or ask its operator"});
    return false;
  }
  submissions_.Take(share, 1, now);
  return true;
}

void ApiHandler::Dispatch(Call& call, Route route) {
  switch (route) {
    case Route::kHealth:
      return groups_.node.Health(call);
    case Route::kReadiness:
      return groups_.node.Readiness(call);
    case Route::kMetrics:
      return groups_.node.Metrics(call);
    case Route::kDescription:
      return groups_.node.Description(call);
    case Route::kNodeCard:
      return groups_.node.Card(call);
    case Route::kNodeStatus:
      return groups_.node.Status(call);
    case Route::kOffers:
      return groups_.compat.Offer(call);
    case Route::kExecute:
      return groups_.compat.Execute(call);
    case Route::kBlob:
      return call.method() == "PUT" ? groups_.blobs.Put(call) : groups_.blobs.Get(call);
    case Route::kJobs:
      return call.method() == "POST" ? groups_.jobs.Submit(call) : groups_.jobs.List(call);
    case Route::kJob:
      return groups_.jobs.Show(call);
    case Route::kCancel:
      return groups_.jobs.Cancel(call);
    case Route::kManifest:
      return groups_.jobs.Manifest(call);
    case Route::kReceipt:
      return groups_.jobs.Receipt(call);
    case Route::kProof:
      return groups_.jobs.Proof(call);
    case Route::kStdout:
      return groups_.jobs.Output(call, worker::Stream::kStdout);
    case Route::kStderr:
      return groups_.jobs.Output(call, worker::Stream::kStderr);
    case Route::kEvents:
      return groups_.events.Watch(call);
    case Route::kLogFile:
      return groups_.logs.Get(call);
  }
}

}  // namespace plasm::api
