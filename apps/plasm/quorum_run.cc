// plasm run --replicas: the same job on several nodes, and the result that enough of them answer
// for.
#include "client/quorum_run.h"

#include <unistd.h>

#include <cstdio>
#include <tuple>
#include <utility>

#include "base/file.h"
#include "base/json_writer.h"
#include "detach_signal.h"
#include "ending_report.h"
#include "job/exit_status.h"
#include "quorum_report.h"
#include "remote_job.h"
#include "verbs.h"
#include "verifier_setup.h"

namespace plasm::app {
namespace {

namespace fs = std::filesystem;

struct Streams {
  Bytes out;
  Bytes err;
};

Result<Bytes> FetchStream(client::NodeAccess& access, const std::string& job_id,
                          client::JobPart part, const Sha256Digest& expected) {
  PLASM_TRY(Bytes bytes, access.node().Fetch(job_id, part));
  if (Sha256Of(bytes) == expected) return bytes;
  return Error{ErrorCode::kCorrupt,
               access.name() + ": its output is not the one that its receipt names"};
}

// From one that agrees: output is of the digest that all of them signed.
Result<int> DeliverFrom(const RunRequest& request, const DataFolder& data,
                        const client::Replica& replica, const receipt::Statement& statement,
                        Streams& streams, Clock& clock, Entropy& entropy) {
  PLASM_TRY(const auto access, NodeAccess::Open(data, replica.node, clock, entropy));
  PLASM_TRY(streams.out, FetchStream(*access, replica.job_id, client::JobPart::kStdout,
                                     statement.stdout_subject.digest));
  PLASM_TRY(streams.err, FetchStream(*access, replica.job_id, client::JobPart::kStderr,
                                     statement.stderr_subject.digest));
  return Deliver(request, data, *access, *replica.job, statement);
}

Result<fs::path> SaveBundle(const DataFolder& data, const receipt::QuorumBundle& bundle,
                            const std::string& job_id) {
  fs::path file = data.receipts() / (job_id + ".quorum.json");
  PLASM_TRY_VOID(
      WriteFileAtomically(file, AsBytes(receipt::SerializeQuorumBundle(bundle)), {.mode = 0644}));
  return file;
}

void PrintQuorumJson(const client::QuorumRun& run, const fs::path& bundle, const Streams& streams) {
  JsonWriter json(JsonStyle::kPretty);
  json.BeginObject();
  WriteStreamField("stdout", streams.out, json);
  WriteStreamField("stderr", streams.err, json);
  std::string quorum = QuorumJson(bundle.string(), run.verification);
  quorum.pop_back();  // its line end
  json.Key("quorum").Json(quorum);
  json.Key("failed").BeginArray();
  for (const client::Replica& replica : run.replicas) {
    if (!replica.error) continue;
    json.BeginObject()
        .Field("node", replica.node.name)
        .Field("job_id", replica.job_id)
        .Field("error", replica.error->message)
        .EndObject();
  }
  json.EndArray().EndObject();
  std::printf("%s\n", std::move(json).Take().c_str());
}

}  // namespace

int RunOnQuorum(const RunRequest& request, const DataFolder& data,
                const std::vector<client::KnownNode>& nodes, std::uint32_t agree, Clock& clock,
                Entropy& entropy) {
  const PlannedRun planned = PlanRun(request, data, "", clock, entropy);
  if (!planned.plan) return planned.exit_status;
  const auto signal = DetachSignal::Create();
  if (!signal) return NodeFailed(signal.error());
  const auto run = client::RunOnAll(data, nodes, *planned.plan,
                                    {.agree = agree, .interrupt_fd = signal->fd()}, clock, entropy);
  if (!run) {
    PrintError(run.error().message);
    return DetachSignal::Number() != 0 ? kExitSignalled + DetachSignal::Number()
                                       : static_cast<int>(kExitNodeFailed);
  }
  for (const client::Replica& replica : run->replicas) {
    if (replica.error) PrintError(replica.node.name + ": " + replica.error->message);
  }
  const auto bundle = SaveBundle(data, run->bundle, run->replicas.front().job_id);
  if (!bundle) return NodeFailed(bundle.error());

  const bool as_json = request.flags.node.json;
  const verify::QuorumVerification& verification = run->verification;
  if (!as_json && isatty(STDERR_FILENO) != 0) {
    std::fputs(QuorumText(bundle->string(), verification).c_str(), stderr);
  }
  Streams streams;
  int status = kExitNodeFailed;
  if (verification.verdict != receipt::Verdict::kValid) {
    PrintError(std::string(receipt::VerdictName(verification.verdict)) + ": " +
               verification.reason + "; " + bundle->string() + " has all answers");
  }
  bool delivered = false;
  for (std::size_t i = 0; i < verification.answers.size() && !delivered; ++i) {
    const verify::JudgedAnswer& answer = verification.answers[i];
    if (!answer.agrees) continue;
    const auto ended = DeliverFrom(request, data, run->replicas[run->answers[i]],
                                   *answer.verification.statement, streams, clock, entropy);
    if (ended) {
      delivered = true;
      status = *ended;
    } else {
      PrintError(ended.error().message);
    }
  }
  if (as_json) {
    PrintQuorumJson(*run, *bundle, streams);
  } else if (delivered) {
    for (const auto& [bytes, fd, name] :
         {std::tuple(&streams.out, STDOUT_FILENO, "standard output"),
          std::tuple(&streams.err, STDERR_FILENO, "standard error")}) {
      if (const auto written = WriteAll(fd, *bytes, name); !written) {
        return NodeFailed(written.error());
      }
    }
  }
  return status;
}

}  // namespace plasm::app
