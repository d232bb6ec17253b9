#include "libplasm/public_form.h"

#include <chrono>
#include <string>
#include <string_view>

#include "libplasm/enumerations.h"

namespace plasm::libplasm {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

v0::SignedResult ResultOf(const receipt::Statement& statement) {
  const receipt::Outcome& outcome = statement.result;
  v0::SignedResult result;
  result.job_id = statement.job.id;
  result.manifest_sha256 = statement.job.manifest.ToHex();
  result.module_sha256 = statement.module.sha256.ToHex();
  result.state = StateOf(outcome.status);
  result.exit_code = outcome.exit_code;
  result.trap = outcome.trap;
  result.reason = outcome.reason;
  result.fuel_used = outcome.fuel_used;
  result.truncated = outcome.truncated;
  result.standard_output = {statement.stdout_subject.digest.ToHex(),
                            statement.stdout_subject.bytes};
  result.standard_error = {statement.stderr_subject.digest.ToHex(), statement.stderr_subject.bytes};
  for (const receipt::FileSubject& file : statement.files) {
    result.files.push_back({file.path, file.digest.ToHex()});
  }
  result.profile = ProfileOf(statement.runtime.profile);
  result.engine = statement.runtime.engine + " " + statement.runtime.version;
  result.node_identity = statement.node.identity;
  result.started = TimeOf(statement.observed.start);
  result.ended = TimeOf(statement.observed.end);
  return result;
}

}  // namespace

v0::Time TimeOf(UtcTime time) {
  const auto last = duration_cast<milliseconds>(v0::Time::max().time_since_epoch());
  if (time.milliseconds >= static_cast<std::uint64_t>(last.count())) return v0::Time::max();
  return v0::Time(milliseconds(static_cast<std::int64_t>(time.milliseconds)));
}

Result<UtcTime> UtcTimeOf(v0::Time time, const char* what) {
  const auto since = std::chrono::floor<milliseconds>(time.time_since_epoch());
  if (since.count() >= 0) return UtcTime{static_cast<std::uint64_t>(since.count())};
  return Error{ErrorCode::kInvalid, std::string(what) + ": found a time before 1970"};
}

v0::JobInfo InfoOf(const client::JobDocument& job) {
  v0::JobInfo info;
  info.id = job.id;
  info.state = StateOf(job.state);
  info.manifest_sha256 = job.manifest.ToHex();
  info.submitted = TimeOf(job.submitted);
  if (job.started) info.started = TimeOf(*job.started);
  if (job.ended) info.ended = TimeOf(*job.ended);
  info.attempts = job.attempts;
  info.exit_code = job.exit_code;
  info.trap = job.trap;
  info.message = job.message;
  info.fuel_used = job.fuel_used;
  return info;
}

v0::NodeStatus StatusOf(const client::NodeStatus& status) {
  v0::NodeStatus shown;
  shown.version = status.version;
  shown.engine = status.engine;
  shown.arch = status.arch;
  shown.profiles = status.profiles;
  shown.cores = status.cores;
  shown.queued = status.queued;
  shown.running = status.running;
  shown.draining = status.draining;
  // Neither number is more than the other side can hold: a wall time that is means none.
  constexpr auto kLongest = static_cast<std::uint64_t>(milliseconds::max().count());
  shown.most = {.memory_bytes = status.most.memory_bytes,
                .fuel = status.most.fuel,
                .output_bytes = status.most.output_bytes,
                .file_bytes = status.most.file_bytes,
                .file_nodes = status.most.file_nodes,
                .wall_time = milliseconds(
                    status.most.wall_time_ms > kLongest ? 0 : status.most.wall_time_ms)};
  return shown;
}

v0::Verification VerificationOf(const verify::Verification& found) {
  v0::Verification shown;
  shown.verdict = VerdictOf(found.verdict);
  shown.reason = found.reason;
  if (found.statement) shown.result = ResultOf(*found.statement);
  shown.node = found.node_name.value_or("");
  if (found.log) {
    shown.log = v0::LogPlace{found.log->origin, found.log->index, found.log->tree_size,
                             found.log->witnesses};
  }
  shown.matched_outputs = found.matched_outputs;
  shown.notes = found.notes;
  return shown;
}

v0::Receipt ReceiptOf(const client::ReceiptBundle& bundle) {
  return {.envelope = bundle.receipt, .log_proof = bundle.proof, .manifest = bundle.manifest};
}

}  // namespace plasm::libplasm
