// plasm run --nodes and --select: the best of several nodes, the next one when that fails, and with
// --hedge a second one when it takes long.
#include <unistd.h>

#include <utility>

#include "base/file.h"
#include "cli/terminal.h"
#include "client/first_result.h"
#include "client/run_times.h"
#include "detach_signal.h"
#include "ending_report.h"
#include "hedge_flag.h"
#include "job/exit_status.h"
#include "receipt/job_id.h"
#include "remote_job.h"
#include "verbs.h"

namespace plasm::app {
namespace {

// What it wrote was held back until now: another node might have had to write it again.
Result<void> Show(const RunRequest& request, const client::FirstResult& result) {
  if (request.flags.node.json) {
    PrintJson(result.judged, result.node.name, result.standard_output, result.standard_error);
    return {};
  }
  PLASM_TRY_VOID(WriteAll(STDOUT_FILENO, result.standard_output, "standard output"));
  PLASM_TRY_VOID(WriteAll(STDERR_FILENO, result.standard_error, "standard error"));
  ShowReceipt(result.judged.bundle.receipt, result.judged.receipt, result.judged.verification);
  return {};
}

Result<int> ShowAndDeliver(const RunRequest& request, const DataFolder& data,
                           const client::FirstResult& result, int interrupt_fd, Clock& clock,
                           Entropy& entropy) {
  for (const Error& report : result.judged.reports) PrintError(report.message);
  if (result.judged.valid_by_shown_card) PrintError(result.judged.verification.reason);
  PLASM_TRY_VOID(Show(request, result));
  PLASM_TRY(const auto access,
            NodeAccess::Open(data, result.node, clock, entropy, {.interrupt_fd = interrupt_fd}));
  return Deliver(request, data, *access, result.judged.job, *result.judged.verification.statement);
}

}  // namespace

int RunOnFirst(const RunRequest& request, const DataFolder& data,
               const std::vector<client::KnownNode>& nodes, Clock& clock, Entropy& entropy) {
  const PlannedRun planned = PlanRun(request, data, "", clock, entropy);
  if (!planned.plan) return planned.exit_status;
  const auto signal = DetachSignal::Create();
  if (!signal) return NodeFailed(signal.error());
  const Sha256Digest& module = planned.plan->manifest.module.sha256;
  const auto hedge = HedgeOf(request.flags.hedge, data, module);
  if (!hedge) return NodeFailed(hedge.error());

  ProgressLine progress("uploading KiB");
  const std::string job_id = receipt::RandomJobId(entropy);
  const client::FirstResultSettings settings{
      .hedge = *hedge,
      .interrupt_fd = signal->fd(),
      .say =
          [&](const std::string& line) {
            progress.Clear();
            PrintError(line);
          },
      .on_upload = [&](std::uint64_t done,
                       std::uint64_t all) { progress.Show(done >> 10, all >> 10); }};
  const auto result =
      client::RunOnFirst(data, nodes, *planned.plan, job_id, settings, clock, entropy);
  progress.Clear();
  if (!result) {
    PrintError(result.error().message);
    return DetachSignal::Number() != 0 ? kExitSignalled + DetachSignal::Number()
                                       : static_cast<int>(kExitNodeFailed);
  }
  RememberRun(data, module, result->took);
  const auto status = ShowAndDeliver(request, data, *result, signal->fd(), clock, entropy);
  return status ? *status : NodeFailed(status.error());
}

}  // namespace plasm::app
