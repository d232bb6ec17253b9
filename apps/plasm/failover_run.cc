// plasm run --nodes: the best of several nodes, and the next one when that fails.
#include <unistd.h>

#include <utility>

#include "base/file.h"
#include "client/digested_output.h"
#include "client/node_ranking.h"
#include "detach_signal.h"
#include "ending_report.h"
#include "job/exit_status.h"
#include "judged_job.h"
#include "receipt/job_id.h"
#include "remote_job.h"

namespace plasm::app {
namespace {

// While there are others to go to.
constexpr client::SessionSettings kBriefly{
    .retry = {.calls = 3, .all_pauses = std::chrono::seconds(5)},
    .limits = {.head = std::chrono::seconds(20), .stall = std::chrono::seconds(10)}};

// The job with all that belongs to it, once its receipt is valid. What it wrote is held back
// until then: another node may have to write it again.
class Attempt {
 public:
  Attempt(const RunRequest& request, const DataFolder& data, const client::JobPlan& plan,
          const std::string& job_id, Clock& clock, Entropy& entropy)
      : request_(request),
        data_(data),
        plan_(plan),
        job_id_(job_id),
        clock_(clock),
        entropy_(entropy) {}

  Result<int> RunOn(const client::KnownNode& node, const client::SessionSettings& settings) {
    PLASM_TRY(const auto access, NodeAccess::Open(data_, node, clock_, entropy_, settings));
    PLASM_TRY_VOID(
        SubmitPlanned(data_, *access, plan_, {.job_id = job_id_, .idempotency_key = {}}));
    JobStreams streams(StreamsTo::kMemory);
    client::DigestedOutput output(streams);
    PLASM_TRY(auto ended, output.Watch(access->session(), job_id_));
    PLASM_TRY(const JudgedJob judged, JudgeHere(*access, data_, std::move(ended), &output, clock_));
    PLASM_TRY_VOID(client::ExpectValidAsAsked(judged));
    if (judged.valid_by_shown_card) PrintError(judged.verification.reason);
    if (request_.flags.node.json) {
      PrintJson(judged, node.name, streams);
    } else {
      PLASM_TRY_VOID(
          WriteAll(STDOUT_FILENO, streams.kept(worker::Stream::kStdout), "standard output"));
      PLASM_TRY_VOID(
          WriteAll(STDERR_FILENO, streams.kept(worker::Stream::kStderr), "standard error"));
      ShowReceipt(judged.bundle.receipt, judged.receipt, judged.verification);
    }
    delivered_ = true;
    return Deliver(request_, data_, *access, judged.job, *judged.verification.statement);
  }

  // Whether something was shown, so that no other node may be asked.
  bool delivered() const { return delivered_; }

 private:
  const RunRequest& request_;
  const DataFolder& data_;
  const client::JobPlan& plan_;
  const std::string& job_id_;
  Clock& clock_;
  Entropy& entropy_;
  bool delivered_ = false;
};

}  // namespace

int RunOnFirst(const RunRequest& request, const DataFolder& data,
               const std::vector<client::KnownNode>& nodes, Clock& clock, Entropy& entropy) {
  const PlannedRun planned = PlanRun(request, data, "", clock, entropy);
  if (!planned.plan) return planned.exit_status;
  const auto signal = DetachSignal::Create();
  if (!signal) return NodeFailed(signal.error());
  std::vector<client::Candidate> candidates =
      client::AskForStatus(data, nodes, clock, entropy, signal->fd());
  client::Rank(candidates);

  const std::string job_id = receipt::RandomJobId(entropy);
  Attempt attempt(request, data, *planned.plan, job_id, clock, entropy);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const bool last = i + 1 == candidates.size();
    client::SessionSettings settings = last ? client::SessionSettings() : kBriefly;
    settings.interrupt_fd = signal->fd();
    const auto status = attempt.RunOn(candidates[i].node, settings);
    if (status) return *status;
    if (DetachSignal::Number() != 0) {
      PrintError("let go of " + job_id + ", which may go on on " + candidates[i].node.name +
                 " (plasm cancel " + job_id + ")");
      return kExitSignalled + DetachSignal::Number();
    }
    PrintError(status.error().message);
    if (attempt.delivered()) break;
    if (!last) PrintError("going on with " + candidates[i + 1].node.name);
  }
  return kExitNodeFailed;
}

}  // namespace plasm::app
