#include "client/node_connection.h"

#include <algorithm>
#include <utility>

#include "base/quote.h"
#include "client/problem_document.h"
#include "receipt/manifest_v1.h"
#include "receipt/statement.h"
#include "tlog/proof_file.h"

namespace plasm::client {
namespace {

constexpr int kOk = 200;
constexpr int kCreated = 201;
constexpr int kConflict = 409;
constexpr std::uint32_t kLongestWait = 60;  // of one request, in seconds
constexpr std::uint32_t kMostInPage = 1000;
// What a job may write is its limit of output; nobody keeps more of it.
constexpr std::size_t kMaxStreamBytes = std::size_t{1} << 30;

struct PartPlace {
  std::string_view name;
  std::size_t most;
};

PartPlace PlaceOf(JobPart part) {
  switch (part) {
    case JobPart::kManifest:
      return {"manifest", receipt::kMaxManifestBytes};
    case JobPart::kReceipt:
      return {"receipt", receipt::kMaxReceiptBytes};
    case JobPart::kProof:
      return {"proof", tlog::kMaxProofFileBytes};
    case JobPart::kStdout:
      return {"stdout", kMaxStreamBytes};
    case JobPart::kStderr:
      break;
  }
  return {"stderr", kMaxStreamBytes};
}

// Whoever has the text already knows that it is one.
Result<std::string> TargetOf(std::string_view id, std::string_view below = "") {
  if (!IsJobId(id)) {
    return Error{ErrorCode::kInvalid, "job: found " + Quote(id) +
                                          ", expected job- and a UUID, as plasm jobs shows them"};
  }
  return "/v1/jobs/" + std::string(id) + std::string(below);
}

Error Misunderstood(const NodeSession& session, const Error& error) {
  return {ErrorCode::kCorrupt, session.pin().node() + ": the node's answer: " + error.message};
}

}  // namespace

Result<NodeStatus> NodeConnection::Status() {
  PLASM_TRY(const net::WholeResponse answer,
            session_.Ask({.target = "/v1/node/status"}, kMaxStatusBytes));
  if (answer.head.status != kOk) return ErrorOf(answer, session_);
  auto status = ParseNodeStatus(answer.body);
  if (!status) return Misunderstood(session_, status.error());
  return status;
}

Result<SubmitAnswer> NodeConnection::Submit(const Submission& submission) {
  net::OutgoingRequest request{.method = "POST",
                               .target = "/v1/jobs",
                               .headers = {{"Content-Type", "application/vnd.plasm.job.v1+json"}},
                               .body = submission.manifest};
  if (submission.job_id) request.headers.push_back({"Plasm-Job-Id", *submission.job_id});
  if (submission.idempotency_key) {
    request.headers.push_back({"Idempotency-Key", *submission.idempotency_key});
  }
  PLASM_TRY(const net::WholeResponse answer, session_.Ask(request, kMaxJobBytes));
  const int status = answer.head.status;
  if (status == kConflict) {
    Problem problem = ReadProblem(status, answer.body);
    if (!problem.missing.empty()) return SubmitAnswer(MissingBlobs{std::move(problem.missing)});
  }
  if (status != kOk && status != kCreated) return ErrorOf(answer, session_);
  auto job = ParseJob(answer.body);
  if (!job) return Misunderstood(session_, job.error());
  if (submission.job_id && job->id != *submission.job_id) {
    return Misunderstood(session_, {ErrorCode::kCorrupt, "found the job " + job->id +
                                                             ", expected " + *submission.job_id});
  }
  if (job->manifest != receipt::ManifestDigest(submission.manifest)) {
    return Misunderstood(session_, {ErrorCode::kCorrupt, "the job has another manifest"});
  }
  return SubmitAnswer(SubmittedJob{*std::move(job), status == kOk});
}

Result<JobDocument> NodeConnection::AskForJob(const net::OutgoingRequest& request) {
  PLASM_TRY(const net::WholeResponse answer, session_.Ask(request, kMaxJobBytes));
  if (answer.head.status != kOk) return ErrorOf(answer, session_);
  auto job = ParseJob(answer.body);
  if (!job) return Misunderstood(session_, job.error());
  return job;
}

Result<JobDocument> NodeConnection::Show(std::string_view id) {
  PLASM_TRY(const std::string target, TargetOf(id));
  return AskForJob({.target = target});
}

Result<JobDocument> NodeConnection::WaitFor(std::string_view id, std::uint32_t seconds) {
  const std::string wait = "?wait=" + std::to_string(std::min(seconds, kLongestWait));
  PLASM_TRY(const std::string target, TargetOf(id, wait));
  return AskForJob({.target = target});
}

Result<JobDocument> NodeConnection::WaitUntilEnd(std::string_view id) {
  while (true) {
    PLASM_TRY(JobDocument job, WaitFor(id, kLongestWait));
    if (IsEnded(job.state)) return job;
  }
}

Result<JobDocument> NodeConnection::Cancel(std::string_view id) {
  PLASM_TRY(const std::string target, TargetOf(id, "/cancel"));
  return AskForJob({.method = "POST", .target = target});
}

Result<std::vector<JobDocument>> NodeConnection::List(const JobFilter& filter) {
  std::string query;
  for (const JobState state : filter.states) {
    query += (query.empty() ? "&state=" : ",") + std::string(JobStateName(state));
  }
  if (filter.all_clients) query += "&all=true";
  std::vector<JobDocument> jobs;
  std::optional<std::string> cursor;
  while (jobs.size() < filter.limit) {
    const std::size_t wanted = std::min<std::size_t>(filter.limit - jobs.size(), kMostInPage);
    std::string target = "/v1/jobs?limit=" + std::to_string(wanted) + query;
    if (cursor) target += "&cursor=" + *cursor;
    PLASM_TRY(const net::WholeResponse answer, session_.Ask({.target = target}, kMaxJobBytes));
    if (answer.head.status != kOk) return ErrorOf(answer, session_);
    auto page = ParseJobPage(answer.body);
    if (!page) return Misunderstood(session_, page.error());
    if (page->jobs.size() > wanted) page->jobs.resize(wanted);
    std::ranges::move(page->jobs, std::back_inserter(jobs));
    // An empty page with another behind it would be asked for without end.
    if (!page->next || page->jobs.empty()) break;
    cursor = std::move(page->next);
  }
  return jobs;
}

Result<Bytes> NodeConnection::Fetch(std::string_view id, JobPart part) {
  const PartPlace place = PlaceOf(part);
  PLASM_TRY(const std::string target, TargetOf(id, "/" + std::string(place.name)));
  PLASM_TRY(net::WholeResponse answer, session_.Ask({.target = target}, place.most));
  if (answer.head.status != kOk) return ErrorOf(answer, session_);
  return std::move(answer.body);
}

}  // namespace plasm::client
