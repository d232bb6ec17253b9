#include "api/router.h"

#include <array>

#include "api/log_file_name.h"

namespace plasm::api {
namespace {

constexpr std::string_view kRead = "GET, HEAD";
constexpr std::string_view kPost = "POST";

constexpr std::array<RouteRow, kRoutes> kTable{{
    {Route::kHealth, "/healthz", kRead, Needs::kNothing},
    {Route::kReadiness, "/readyz", kRead, Needs::kNothing},
    {Route::kMetrics, "/metrics", kRead, Needs::kMetrics},
    {Route::kDescription, "/v1/openapi.yaml", kRead, Needs::kNothing},
    {Route::kNodeCard, "/v1/node", kRead, Needs::kNothing},
    {Route::kNodeStatus, "/v1/node/status", kRead, Needs::kJobs},
    {Route::kOffers, "/v1/offers", kPost, Needs::kJobs},
    {Route::kExecute, "/v1/execute", kPost, Needs::kJobs},
    {Route::kBlob, "/v1/blobs/{digest}", "GET, HEAD, PUT", Needs::kJobs},
    {Route::kJobs, "/v1/jobs", "GET, HEAD, POST", Needs::kJobs},
    {Route::kJob, "/v1/jobs/{id}", kRead, Needs::kJobs},
    {Route::kCancel, "/v1/jobs/{id}/cancel", kPost, Needs::kJobs},
    {Route::kManifest, "/v1/jobs/{id}/manifest", kRead, Needs::kJobs},
    {Route::kReceipt, "/v1/jobs/{id}/receipt", kRead, Needs::kJobs},
    {Route::kProof, "/v1/jobs/{id}/proof", kRead, Needs::kJobs},
    {Route::kStdout, "/v1/jobs/{id}/stdout", kRead, Needs::kJobs},
    {Route::kStderr, "/v1/jobs/{id}/stderr", kRead, Needs::kJobs},
    {Route::kEvents, "/v1/jobs/{id}/events", kRead, Needs::kJobs},
    // Not found by its segments, but by log_file_name.h.
    {Route::kLogFile, "/{log}/", kRead, Needs::kNothing},
}};

// Whether the segments are those of the path.
bool Matches(std::string_view path, std::span<const std::string> segments,
             std::string_view& parameter) {
  for (const std::string& segment : segments) {
    if (path.empty()) return false;
    path.remove_prefix(1);
    const std::string_view expected = path.substr(0, path.find('/'));
    path.remove_prefix(expected.size());
    if (expected.starts_with('{')) {
      parameter = segment;
    } else if (segment != expected) {
      return false;
    }
  }
  return path.empty();
}

}  // namespace

std::span<const RouteRow> RouteTable() { return kTable; }

std::optional<RouteMatch> FindRoute(std::span<const std::string> segments) {
  if (segments.empty()) return std::nullopt;
  for (const RouteRow& row : kTable) {
    RouteMatch match{.row = &row, .parameter = {}};
    const bool found = row.route == Route::kLogFile ? LogFileOf(segments).has_value()
                                                    : Matches(row.path, segments, match.parameter);
    if (found) return match;
  }
  return std::nullopt;
}

bool Allows(const RouteRow& row, std::string_view method) {
  std::string_view rest = row.methods;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(", ");
    if (rest.substr(0, comma) == method) return true;
    if (comma == std::string_view::npos) return false;
    rest.remove_prefix(comma + 2);
  }
  return false;
}

}  // namespace plasm::api
