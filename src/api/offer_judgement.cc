#include "api/offer_judgement.h"

#include <utility>

#include "base/json_writer.h"
#include "base/quote.h"
#include "receipt/manifest_v01.h"

namespace plasm::api {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

std::optional<Rejection> JudgeNumber(std::string_view name, std::uint64_t asked,
                                     std::uint64_t max) {
  if (asked >= 1 && asked <= max) return std::nullopt;
  return InvalidRequest{std::string(name) + ": found " + std::to_string(asked) +
                        ", expected 1 to " + std::to_string(max)};
}

std::optional<Rejection> JudgeResource(std::string_view name, std::uint64_t asked,
                                       std::uint64_t available) {
  if (asked <= available) return std::nullopt;
  return InsufficientResources{std::string(name) + ": asked for " + std::to_string(asked) +
                               ", available are " + std::to_string(available)};
}

void WriteReason(const Rejection& rejection, JsonWriter& json) {
  std::visit(Overloaded{
                 [&](const InsufficientResources& reason) {
                   json.BeginObject().Key("InsufficientResources").BeginObject();
                   json.Field("missing", reason.missing).EndObject().EndObject();
                 },
                 [&](const ArchMismatch& reason) {
                   json.BeginObject().Key("ArchMismatch").BeginObject();
                   json.Field("required", reason.required).Field("available", reason.available);
                   json.EndObject().EndObject();
                 },
                 [&](const RuntimeNotSupported& reason) {
                   json.BeginObject().Key("RuntimeNotSupported").BeginObject();
                   json.Field("required", reason.required).EndObject().EndObject();
                 },
                 [&](const QueueFull&) { json.String("QueueFull"); },
                 [&](const InvalidRequest& reason) {
                   json.BeginObject().Key("InvalidRequest").BeginObject();
                   json.Field("details", reason.details).EndObject().EndObject();
                 },
             },
             rejection);
}

}  // namespace

std::optional<Rejection> Judge(const Requirements& asked, const NodeOffer& node) {
  constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
  for (auto wrong :
       {JudgeNumber("cpu_cores", asked.cpu_cores, receipt::kMaxCpuCores),
        JudgeNumber("memory_mb", asked.memory_mb, receipt::kMaxMemoryMb),
        JudgeNumber("timeout_seconds", asked.timeout_seconds, receipt::kMaxTimeoutSeconds)}) {
    if (wrong) return wrong;
  }
  if (asked.arch != node.arch) return ArchMismatch{asked.arch, node.arch};
  if (asked.wasm_runtime != node.wasm_runtime) return RuntimeNotSupported{asked.wasm_runtime};
  for (auto missing :
       {JudgeResource("cpu_cores", asked.cpu_cores, node.cores),
        JudgeResource("memory_mb", asked.memory_mb, node.memory_bytes / kMiB),
        JudgeResource("timeout_seconds", asked.timeout_seconds, node.wall_time_ms / 1000)}) {
    if (missing) return missing;
  }
  return std::nullopt;
}

std::uint64_t EstimatedWaitUs(const Business& node) {
  if (node.queued == 0 && node.running < node.workers) return 0;
  return (node.queued + 1) * node.mean_run_us / node.workers;
}

std::string RejectionText(const Rejection& rejection) {
  return std::visit(
      Overloaded{
          [](const InsufficientResources& reason) { return "requirements." + reason.missing; },
          [](const ArchMismatch& reason) {
            return "requirements.arch: found " + Quote(reason.required) + ", this node has " +
                   reason.available;
          },
          [](const RuntimeNotSupported& reason) {
            return "requirements.wasm_runtime: found " + Quote(reason.required) +
                   ", which this node does not have";
          },
          [](const QueueFull&) { return std::string("the queue is full: try again later"); },
          [](const InvalidRequest& reason) { return "requirements." + reason.details; },
      },
      rejection);
}

std::string AcceptedJson(std::string_view job_id, std::uint64_t estimated_start,
                         std::string_view node_peer_id) {
  JsonWriter json(JsonStyle::kCompact);
  json.BeginObject().Key("Accepted").BeginObject();
  json.Field("job_id", job_id)
      .Field("estimated_start", estimated_start)
      .Field("node_peer_id", node_peer_id);
  json.EndObject().EndObject();
  return std::move(json).Take();
}

std::string RejectedJson(std::string_view job_id, const Rejection& rejection) {
  JsonWriter json(JsonStyle::kCompact);
  json.BeginObject().Key("Rejected").BeginObject();
  json.Field("job_id", job_id).Key("reason");
  WriteReason(rejection, json);
  json.EndObject().EndObject();
  return std::move(json).Take();
}

std::string JobResultJson(std::string_view job_id, std::string_view standard_output,
                          std::string_view standard_error, std::int64_t exit_code,
                          std::string_view receipt_json) {
  JsonWriter json(JsonStyle::kCompact,
                  256 + standard_output.size() + standard_error.size() + receipt_json.size());
  json.BeginObject()
      .Field("job_id", job_id)
      .Field("stdout", standard_output)
      .Field("stderr", standard_error)
      .Field("exit_code", exit_code)
      .Field("receipt_json", receipt_json)
      .EndObject();
  return std::move(json).Take();
}

}  // namespace plasm::api
