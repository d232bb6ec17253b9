// plasm run and submit with a node.
#include <cstdio>
#include <utility>

#include "base/json_writer.h"
#include "client/digested_output.h"
#include "detach_signal.h"
#include "ending_report.h"
#include "hedge_flag.h"
#include "job/exit_status.h"
#include "judged_job.h"
#include "receipt/job_id.h"
#include "remote_job.h"

namespace plasm::app {
namespace {

int Detached(const client::JobDocument& job, bool as_json) {
  if (as_json) {
    JsonWriter json(JsonStyle::kPretty);
    client::WriteJob(job, json);
    std::printf("%s\n", std::move(json).Take().c_str());
  } else {
    std::printf("%s\n", job.id.c_str());
  }
  return kExitOk;
}

int LetGo(const std::string& job_id, const std::string& node) {
  std::fprintf(stderr,
               "plasm: let go of %s, which goes on on %s\n"
               "  plasm wait %s    waits for its end and verifies its receipt\n"
               "  plasm cancel %s  ends it\n",
               job_id.c_str(), node.c_str(), job_id.c_str(), job_id.c_str());
  return kExitSignalled + DetachSignal::Number();
}

int NotYetSubmitted(const std::string& job_id) {
  std::fprintf(stderr,
               "plasm: stopped before the node had answered for the job\n"
               "  plasm show %s  says whether it has it\n",
               job_id.c_str());
  return kExitSignalled + DetachSignal::Number();
}

}  // namespace

int RunThere(const RunRequest& request, const DataFolder& data, const client::KnownNode& node,
             Clock& clock, Entropy& entropy) {
  const PlannedRun planned = PlanRun(request, data, node.name, clock, entropy);
  if (!planned.plan) return planned.exit_status;

  const auto signal = DetachSignal::Create();
  if (!signal) return NodeFailed(signal.error());
  auto opened = NodeAccess::Open(data, node, clock, entropy, {.interrupt_fd = signal->fd()});
  if (!opened) return NodeFailed(opened.error());
  NodeAccess& access = **opened;
  const std::string new_id = receipt::RandomJobId(entropy);
  client::JobNames names;
  if (request.flags.idempotency_key.empty()) {
    names.job_id = new_id;
  } else {
    names.idempotency_key = request.flags.idempotency_key;
  }
  const auto submitted = SubmitPlanned(data, access, *planned.plan, names);
  if (!submitted) {
    return DetachSignal::Number() != 0 ? NotYetSubmitted(new_id) : NodeFailed(submitted.error());
  }
  const std::uint64_t begin_ns = clock.MonotonicNs();
  const std::string& id = submitted->job.id;
  if (request.flags.detach) return Detached(submitted->job, request.flags.node.json);

  const auto stopped = [&](const Error& error) {
    return DetachSignal::Number() != 0 ? LetGo(id, node.name) : NodeFailed(error);
  };
  JobStreams streams(request.flags.node.json ? StreamsTo::kMemory : StreamsTo::kStandardStreams);
  client::DigestedOutput output(streams);
  auto ended = output.Watch(access.session(), id);
  if (!ended) return stopped(ended.error());
  if (!submitted->was_there) {
    RememberRun(data, planned.plan->manifest.module.sha256,
                std::chrono::nanoseconds(clock.MonotonicNs() - begin_ns));
  }
  const auto judged = JudgeHere(access, data, *std::move(ended), &output, clock);
  if (!judged) return stopped(judged.error());
  if (request.flags.node.json) {
    PrintJson(*judged, node.name, streams.kept(worker::Stream::kStdout),
              streams.kept(worker::Stream::kStderr));
  } else {
    ShowReceipt(judged->bundle.receipt, judged->receipt, judged->verification);
  }
  if (const auto valid = client::ExpectValid(judged->verification); !valid) {
    return NodeFailed(valid.error());
  }
  const auto status = Deliver(request, data, access, judged->job, *judged->verification.statement);
  return status ? *status : stopped(status.error());
}

}  // namespace plasm::app
