// Which paths there are, and with which methods. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace plasm::api {

enum class Route {
  kHealth,
  kReadiness,
  kMetrics,
  kDescription,
  kNodeCard,
  kNodeStatus,
  kOffers,
  kExecute,
  kBlob,
  kJobs,
  kJob,
  kCancel,
  kManifest,
  kReceipt,
  kProof,
  kStdout,
  kStderr,
  kEvents,
  kLogFile,
};
inline constexpr std::size_t kRoutes = static_cast<std::size_t>(Route::kLogFile) + 1;

// What whoever asks must be allowed.
enum class Needs { kNothing, kJobs, kMetrics };

struct RouteRow {
  Route route;
  std::string_view path;     // as spec/openapi.yaml has it; "{…}" is one segment
  std::string_view methods;  // "GET, HEAD": as the header Allow has them
  Needs needs;
};

// In the order of Route.
std::span<const RouteRow> RouteTable();

struct RouteMatch {
  const RouteRow* row = nullptr;
  std::string_view parameter;  // the segment that stands for "{…}"; of `segments`
};

// Nothing for a path that there is not. Segments are decoded and none of them is empty, "." or
// "..", as net::RequestHead gives them; what a parameter may be is for the route to say.
std::optional<RouteMatch> FindRoute(std::span<const std::string> segments);

// Whether the row has the method.
bool Allows(const RouteRow& row, std::string_view method);

}  // namespace plasm::api
