#include "api/job_routes.h"

#include <utility>

#include "api/job_json.h"
#include "api/job_submission.h"
#include "base/quote.h"
#include "net/problem.h"
#include "receipt/manifest_v1.h"

namespace plasm::api {
namespace {

constexpr std::string_view kBytes = "application/octet-stream";
constexpr std::string_view kManifestType = "application/vnd.plasm.job.v1+json";

Error NoSuchJob(std::string_view id) {
  return {ErrorCode::kNotFound, "there is no job " + Quote(id)};
}

// The headers of a submission. The body is read before: a refusal needs none of it.
Result<jobs::Submission> SubmissionOf(const Call& call) {
  jobs::Submission submission;
  submission.client = call.client();
  PLASM_TRY(const auto key, call.request().Header("Idempotency-Key"));
  if (key) {
    PLASM_TRY(submission.idempotency_key, ParseIdempotencyKey(*key));
  }
  PLASM_TRY(const auto id, call.request().Header("Plasm-Job-Id"));
  if (id) {
    PLASM_TRY(submission.job_id, ParseJobId(*id));
    submission.reservation = *submission.job_id;
  }
  return submission;
}

}  // namespace

void JobRoutes::Submit(Call& call) {
  const auto query = JobQuery::Parse(call.request().query());
  if (!query) return call.Fail(query.error());
  auto submission = SubmissionOf(call);
  if (!submission) return call.Fail(submission.error());
  auto body = call.exchange().ReadWholeBody(receipt::kMaxManifestBytes);
  if (!body) return call.Fail(body.error());
  submission->manifest = *std::move(body);

  const Until until = query->wait.count() > 0 ? Until::kEnded : Until::kAccepted;
  const Submitted submitted =
      SubmitAndWait(call.exchange(), service_, *std::move(submission), until, query->wait, clock_);
  if (!submitted.outcome) {
    return call.Fail({ErrorCode::kUnavailable,
                      "the job could not be written to disk in time: submit it again under the "
                      "same id or key"});
  }
  if (const auto* error = std::get_if<Error>(&*submitted.outcome)) return call.Fail(*error);
  if (const auto* missing = std::get_if<jobs::MissingBlobs>(&*submitted.outcome)) {
    return call.Respond(409, net::kProblemType, MissingBlobsJson(missing->digests));
  }
  const auto& accepted = std::get<jobs::Accepted>(*submitted.outcome);
  const int status = accepted.novelty == store::Novelty::kNew ? 201 : 200;
  const std::string location = "/v1/jobs/" + accepted.id;
  net::Headers headers;
  if (status == 201) headers.push_back({"Location", location});
  if (submitted.ended) {
    return RespondEnded(call, status, *submitted.ended, query->include, headers);
  }
  RespondCurrent(call, status, accepted.id, query->include, headers);
}

void JobRoutes::List(Call& call) {
  const auto query = JobListQuery::Parse(call.request().query());
  if (!query) return call.Fail(query.error());
  if (query->all && !call.client().sees_others) {
    return call.Fail({ErrorCode::kDenied, "all: this client may not see the jobs of others"});
  }
  store::JobFilter filter;
  if (!query->all) filter.client = call.client().name;
  filter.states = query->states;
  const auto page = store_.List(filter, query->cursor, query->limit);
  if (!page) return call.Fail(page.error());
  call.Json(200, JobPageJson(*page));
}

void JobRoutes::Show(Call& call) {
  const auto query = JobQuery::Parse(call.request().query());
  if (!query) return call.Fail(query.error());
  const std::string id(call.parameter());
  if (!IsJobId(id)) return call.Fail(NoSuchJob(id));
  if (query->wait.count() > 0) {
    const auto ended =
        WaitForEnd(call.exchange(), service_, call.client(), id, query->wait, clock_);
    if (!ended) return call.Fail(ended.error());
    if (*ended) return RespondEnded(call, 200, **ended, query->include);
  }
  RespondCurrent(call, 200, id, query->include);
}

void JobRoutes::Cancel(Call& call) {
  if (const auto none = ExpectNoParameters(call.request().query()); !none) {
    return call.Fail(none.error());
  }
  const std::string id(call.parameter());
  if (!IsJobId(id)) return call.Fail(NoSuchJob(id));
  constexpr std::chrono::seconds kLimit(60);
  const auto done = call.exchange().Await<Result<void>>(
      [&](std::function<void(Result<void>)> give) {
        service_.Cancel(call.client(), id, std::move(give));
      },
      kLimit);
  if (!done) {
    return call.Fail({ErrorCode::kUnavailable, "the wish could not be written to disk in time"});
  }
  if (!*done) return call.Fail(done->error());
  RespondCurrent(call, 200, id, {});
}

void JobRoutes::Manifest(Call& call) {
  const auto record = FindRecord(call);
  if (!record) return call.Fail(record.error());
  call.Respond(200, kManifestType, AsText(record->manifest));
}

void JobRoutes::Receipt(Call& call) {
  const auto record = FindRecord(call);
  if (!record) return call.Fail(record.error());
  if (!record->results.receipt) {
    return call.Fail({ErrorCode::kNotFound,
                      record->summary.end
                          ? std::string("the job has no receipt: the node could not run it")
                          : std::string("the job has not ended: there is no receipt yet")});
  }
  call.Respond(200, "application/json", AsText(*record->results.receipt));
}

void JobRoutes::Proof(Call& call) {
  const auto record = FindRecord(call);
  if (!record) return call.Fail(record.error());
  const auto proof = ReadProof(call, *record);
  if (!proof) return call.Fail(proof.error());
  call.Respond(200, "text/plain; charset=utf-8", *proof);
}

void JobRoutes::Output(Call& call, worker::Stream stream) {
  const auto record = FindRecord(call);
  if (!record) return call.Fail(record.error());
  if (!record->summary.end) {
    return call.Fail({ErrorCode::kConflict, "the job has not ended: /v1/jobs/" +
                                                record->summary.id +
                                                "/events has its output on the way"});
  }
  const store::StreamRecord& output = stream == worker::Stream::kStdout
                                          ? record->results.standard_output
                                          : record->results.standard_error;
  if (output.contents) return call.Respond(200, kBytes, AsText(*output.contents));
  const auto file = blobs_.Find(output.digest);
  if (!file) return call.Fail(file.error());
  call.NoteStatus(200);
  (void)call.exchange().SendFile(200, {{"Content-Type", kBytes}}, file->get(), 0, output.bytes);
}

Result<store::JobRecord> JobRoutes::FindRecord(Call& call) const {
  PLASM_TRY_VOID(ExpectNoParameters(call.request().query()));
  if (!IsJobId(call.parameter())) return NoSuchJob(call.parameter());
  PLASM_TRY(auto record, service_.Find(call.client(), call.parameter()));
  if (!record) return NoSuchJob(call.parameter());
  return *std::move(record);
}

Result<std::string> JobRoutes::ReadProof(Call& call, const store::JobRecord& record) {
  if (!record.summary.end || !record.summary.end->log) {
    return Error{ErrorCode::kNotFound, "the job has no receipt in the log"};
  }
  return background_.Await<std::string>(call.exchange(),
                                        [&proofs = proofs_, position = *record.summary.end->log] {
                                          return proofs.ProofOf(position);
                                        });
}

void JobRoutes::RespondJob(Call& call, int status, const store::JobRecord& record,
                           const std::string* proof, const Include& include,
                           const net::Headers& headers) {
  JobDetails details{.results = &record.results, .output = include.output};
  if (include.receipt && record.results.receipt) {
    details.receipt = AsText(*record.results.receipt);
    if (proof != nullptr) details.proof = *proof;
  }
  call.Json(status, JobJson(record.summary, details), headers);
}

void JobRoutes::RespondEnded(Call& call, int status, const jobs::EndedJob& ended,
                             const Include& include, const net::Headers& headers) {
  if (!include.receipt || !ended.proof.empty() || !ended.record.results.receipt) {
    return RespondJob(call, status, ended.record, &ended.proof, include, headers);
  }
  const auto proof = ReadProof(call, ended.record);
  if (!proof) return call.Fail(proof.error());
  RespondJob(call, status, ended.record, &*proof, include, headers);
}

void JobRoutes::RespondCurrent(Call& call, int status, const std::string& id,
                               const Include& include, const net::Headers& headers) {
  auto record = service_.Find(call.client(), id);
  if (!record) return call.Fail(record.error());
  if (!*record) return call.Fail(NoSuchJob(id));
  if (include.receipt && (*record)->results.receipt) {
    const auto proof = ReadProof(call, **record);
    if (!proof) return call.Fail(proof.error());
    return RespondJob(call, status, **record, &*proof, include, headers);
  }
  RespondJob(call, status, **record, nullptr, include, headers);
}

}  // namespace plasm::api
