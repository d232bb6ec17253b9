#include "api/node_routes.h"

#include "api/description.h"
#include "api/job_query.h"

namespace plasm::api {
namespace {

constexpr std::string_view kPlain = "text/plain; charset=utf-8";
constexpr std::string_view kAlive = "ok\n";

void WriteJobs(const store::JobCounts& counts, const jobs::Load& load, MetricsText& text) {
  text.Family("plasm_jobs", MetricType::kGauge, "Jobs that the node remembers, by state");
  for (std::size_t i = 0; i < store::kJobStates; ++i) {
    const auto state = static_cast<store::JobState>(i);
    text.Sample({{"state", store::JobStateName(state)}}, counts[state]);
  }
  text.Family("plasm_queue_jobs", MetricType::kGauge, "Jobs that wait for a worker");
  text.Sample({}, load.queued);
  text.Family("plasm_running_jobs", MetricType::kGauge, "Jobs in a worker");
  text.Sample({}, load.running);
  text.Family("plasm_draining", MetricType::kGauge, "1 while the node takes no more jobs");
  text.Sample({}, load.draining ? 1 : 0);
}

void WriteTimes(const jobs::JobTimes& times, MetricsText& text) {
  const auto histogram = [&text](std::string_view name, std::string_view help,
                                 const jobs::TimeBuckets& buckets) {
    const auto read = buckets.Read();
    text.Family(name, MetricType::kHistogram, help);
    text.Histogram({}, jobs::TimeBuckets::kBoundsUs, read.counts, read.sum_us);
  };
  histogram("plasm_job_queue_duration_seconds",
            "From a job's submission to the beginning of its first attempt", times.waiting);
  histogram("plasm_job_run_duration_seconds",
            "The last attempt of each job that has ended, from its beginning to its end",
            times.running);
}

void WriteServer(const net::ServerCounters& server, MetricsText& text) {
  text.Family("plasm_connections", MetricType::kGauge, "Open connections");
  text.Sample({}, server.connections);
  const auto counter = [&text](std::string_view name, std::string_view help, std::uint64_t value) {
    text.Family(name, MetricType::kCounter, help);
    text.Sample({}, value);
  };
  counter("plasm_connections_accepted_total", "Connections in all", server.accepted);
  counter("plasm_connections_turned_away_total", "Connections beyond a limit", server.turned_away);
  counter("plasm_handshakes_failed_total", "TLS handshakes that failed or took too long",
          server.failed_handshakes);
  counter("plasm_http_requests_refused_total",
          "Requests that were malformed, too large or too slow", server.refused_requests);
  counter("plasm_connections_cut_total", "Connections cut for stalling or at the end of a drain",
          server.cut);
}

}  // namespace

void NodeRoutes::Card(Call& call) { call.Json(200, node_.card()->envelope); }

void NodeRoutes::Status(Call& call) {
  const jobs::Load load = service_.load();
  call.Json(200, NodeStatusJson({.version = facts_.version,
                                 .engine = facts_.engine,
                                 .arch = facts_.arch,
                                 .profiles = facts_.profiles,
                                 .cores = facts_.cores,
                                 .queued = load.queued,
                                 .running = load.running,
                                 .draining = load.draining,
                                 .most = service_.settings().offering.most}));
}

void NodeRoutes::Description(Call& call) {
  call.Respond(200, "application/yaml", api::Description());
}

void NodeRoutes::Health(Call& call) { call.Respond(200, kPlain, kAlive); }

void NodeRoutes::Readiness(Call& call) {
  if (service_.load().draining) {
    return call.Fail({ErrorCode::kUnavailable, "the node is about to stop"});
  }
  const Result<void>& disk = disk_.Try();
  if (!disk) {
    return call.Problem(503, ErrorCode::kUnavailable,
                        "the node cannot write to its disk");  // where that is concerns nobody
  }
  call.Respond(200, kPlain, kAlive);
}

void NodeRoutes::Metrics(Call& call) {
  const auto counts = store_.Counts();
  if (!counts) return call.Fail(counts.error());
  MetricsText text;
  text.Family("plasm_build_info", MetricType::kGauge, "What runs");
  text.Sample({{"version", facts_.version}, {"engine", facts_.engine}, {"arch", facts_.arch}}, 1);
  text.Family("plasm_boots_total", MetricType::kCounter, "How often the node has been started");
  text.Sample({}, store_.boots());
  WriteJobs(*counts, service_.load(), text);
  WriteTimes(service_.times(), text);
  WriteServer(server_(), text);
  counters_.Write(text);
  call.Respond(200, "text/plain; version=0.0.4; charset=utf-8", std::move(text).Take());
}

}  // namespace plasm::api
