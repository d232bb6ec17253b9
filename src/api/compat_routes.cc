#include "api/compat_routes.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "api/job_query.h"
#include "api/job_submission.h"
#include "blobs/content_source.h"
#include "jobs/reservations.h"
#include "receipt/receipt_v1.h"

namespace plasm::api {
namespace {

constexpr std::uint64_t kNs = 1'000'000'000;
constexpr std::uint64_t kNonceLifeNs = 30 * 86'400 * kNs;
// What receipt v0.1 says of a guest that did not exit by itself, as the first system did.
constexpr std::uint8_t kExitCodeWithoutExit = 1;
// For the queue, beside the job's own time.
constexpr std::chrono::minutes kPatience(10);
constexpr std::size_t kMaxOutputBytes = std::size_t{16} << 20;  // in one JSON text

std::uint8_t ExitCodeOf(const store::JobEnd& end) {
  if (end.state != store::JobState::kExited) return kExitCodeWithoutExit;
  return static_cast<std::uint8_t>(end.exit_code.value_or(kExitCodeWithoutExit));
}

// A nonce counts once for each client: nobody uses up those of others.
Bytes StoredNonce(const std::string& client, const std::string& nonce) {
  Sha256 hash;
  hash.Update(AsBytes(client));
  hash.Update(AsBytes(std::string_view("\0", 1)));
  hash.Update(AsBytes(nonce));
  const Sha256Digest digest = hash.Finish();
  return {digest.bytes.begin(), digest.bytes.end()};
}

}  // namespace

receipt::Manifest ManifestOf(const JobRequest& request, const jobs::MostLimits& most,
                             std::uint64_t start_time_seconds) {
  receipt::Manifest manifest;
  manifest.module = {request.module_hash, request.wasm.size()};
  manifest.args = {"module.wasm"};
  manifest.args.insert(manifest.args.end(), request.args.begin(), request.args.end());
  manifest.stdin_name = {.sha256 = Sha256Of({}), .size = 0, .inline_bytes = {}};
  manifest.limits = {.memory_bytes = request.requirements.memory_mb << 20,
                     .fuel = most.fuel,
                     .output_bytes = std::min<std::uint64_t>(most.output_bytes, kMaxOutputBytes),
                     .file_bytes = most.file_bytes,
                     .file_nodes = most.file_nodes,
                     .wall_time_ms = request.requirements.timeout_seconds * 1000};
  manifest.start_time_ns = start_time_seconds * kNs;
  manifest.seed = receipt::DefaultSeed(manifest).bytes;
  return manifest;
}

NodeOffer CompatRoutes::OfferOfNode() const {
  const jobs::ServiceSettings& settings = service_.settings();
  const std::string& version = facts_.engine_version;
  return {.arch = facts_.arch,
          .wasm_runtime = "wasmtime-" + version.substr(0, version.find('.')),
          .cores = facts_.cores,
          .memory_bytes = settings.offering.most.memory_bytes,
          .wall_time_ms = settings.offering.most.wall_time_ms};
}

std::uint64_t CompatRoutes::EstimatedStart() const {
  const jobs::Load load = service_.load();
  const std::uint64_t wait_us =
      EstimatedWaitUs({.queued = load.queued,
                       .running = load.running,
                       .workers = service_.settings().workers,
                       .mean_run_us = service_.times().running.Read().MeanUs()});
  return (clock_.RealtimeNs() / 1000 + wait_us) / 1'000'000;
}

void CompatRoutes::Offer(Call& call) {
  if (const auto none = ExpectNoParameters(call.request().query()); !none) {
    return call.Fail(none.error());
  }
  const auto body = call.exchange().ReadWholeBody(kMaxOfferBytes);
  if (!body) return call.Fail(body.error());
  const auto offer = JobOffer::Parse(*body);
  if (!offer) return call.Fail(offer.error());
  if (const auto used = UseNonce(call, offer->nonce); !used) return call.Fail(used.error());
  if (const auto rejection = Judge(offer->requirements, OfferOfNode())) {
    return call.Json(200, RejectedJson(offer->job_id, *rejection));
  }
  if (const auto held = service_.Reserve(call.client(), offer->job_id); !held) {
    if (held.error().code != ErrorCode::kOverloaded) return call.Fail(held.error());
    return call.Json(200, RejectedJson(offer->job_id, QueueFull{}));
  }
  // Beside the message, whose members are the first system's and no others.
  const std::string seconds = std::to_string(jobs::Reservations::kSeconds);
  call.Json(200, AcceptedJson(offer->job_id, EstimatedStart(), facts_.identity),
            {{"Plasm-Reserved-Seconds", seconds}});
}

Result<void> CompatRoutes::UseNonce(Call& call, const std::string& nonce) {
  constexpr std::chrono::seconds kLimit(60);
  const auto used = call.exchange().Await<Result<void>>(
      [&](std::function<void(Result<void>)> give) {
        const auto submitted =
            store_.Submit(store::UseNonce{.nonce = StoredNonce(call.client().name, nonce),
                                          .expires_ns = clock_.RealtimeNs() + kNonceLifeNs},
                          store::Done<store::UseNonce>([give](auto done) {
                            give(done ? Result<void>() : Result<void>(done.error()));
                          }));
        if (!submitted) give(submitted.error());
      },
      kLimit);
  if (!used) {
    return Error{ErrorCode::kUnavailable, "the nonce could not be written to disk in time"};
  }
  if (!*used && used->error().code == ErrorCode::kConflict) {
    return Error{ErrorCode::kConflict, "offer.nonce: was used before, expected a new one"};
  }
  return *used;
}

void CompatRoutes::Execute(Call& call) {
  if (const auto none = ExpectNoParameters(call.request().query()); !none) {
    return call.Fail(none.error());
  }
  auto body = call.exchange().ReadWholeBody(kMaxJobRequestBytes);
  if (!body) return call.Fail(body.error());
  // Megabytes of base64 and a digest: not on the server's thread.
  using Parsed = std::shared_ptr<JobRequest>;
  const auto parsed = background_.Await<Parsed>(
      call.exchange(), [bytes = std::make_shared<Bytes>(*std::move(body))]() -> Result<Parsed> {
        PLASM_TRY(JobRequest request, JobRequest::Parse(*bytes));
        return std::make_shared<JobRequest>(std::move(request));
      });
  if (!parsed) return call.Fail(parsed.error());
  const JobRequest& request = **parsed;
  if (const auto rejection = Judge(request.requirements, OfferOfNode())) {
    return call.Fail({ErrorCode::kInvalid, "request." + RejectionText(*rejection)});
  }
  // A full queue is told before the module is kept.
  if (const auto held = service_.Reserve(call.client(), request.job_id); !held) {
    return call.Fail(held.error());
  }
  const std::shared_ptr<const Bytes> wasm(*parsed, &request.wasm);
  if (const auto kept = uploads_.Keep(call, request.module_hash, wasm); !kept) {
    return call.Fail(kept.error());
  }
  const std::string manifest = receipt::SerializeManifest(
      ManifestOf(request, service_.settings().offering.most, clock_.RealtimeNs() / kNs));
  jobs::Submission submission{.client = call.client(),
                              .manifest = Bytes(AsBytes(manifest).begin(), AsBytes(manifest).end()),
                              .job_id = {},
                              .idempotency_key = {},
                              .reservation = request.job_id};
  const Submitted submitted =
      SubmitAndWait(call.exchange(), service_, std::move(submission), Until::kEnded,
                    std::chrono::seconds(request.requirements.timeout_seconds) + kPatience, clock_);
  if (!submitted.outcome || std::holds_alternative<jobs::MissingBlobs>(*submitted.outcome)) {
    return call.Fail({ErrorCode::kUnavailable, "the job could not be taken: try again"});
  }
  if (const auto* error = std::get_if<Error>(&*submitted.outcome)) return call.Fail(*error);
  if (!submitted.ended) {
    return call.Fail({ErrorCode::kUnavailable, "the job has not ended in time: /v1/jobs/" +
                                                   std::get<jobs::Accepted>(*submitted.outcome).id +
                                                   " tells of it"});
  }
  RespondResult(call, request, *submitted.ended);
}

void CompatRoutes::RespondResult(Call& call, const JobRequest& request,
                                 const jobs::EndedJob& ended) {
  const store::JobEnd& end = *ended.record.summary.end;
  // Version 0.1 says that a module ran.
  if (end.state == store::JobState::kRejected) {
    return call.Fail({ErrorCode::kInvalid, "wasm_bytes: " + end.message.value_or("cannot be run")});
  }
  if (end.state == store::JobState::kFailed) {
    return call.Fail({ErrorCode::kInternal,
                      "the node could not run the job: " + end.message.value_or("no reason")});
  }
  const auto out = ReadOutput(call, ended.record.results.standard_output);
  if (!out) return call.Fail(out.error());
  const auto err = ReadOutput(call, ended.record.results.standard_error);
  if (!err) return call.Fail(err.error());
  const std::uint64_t started = ended.record.summary.started_ns.value_or(end.ended_ns);
  const receipt::ReceiptV1 receipt =
      receipt::SignReceiptV1({.module_hash = request.module_hash,
                              .exit_code = ExitCodeOf(end),
                              .wall_time_ms = (end.ended_ns - started) / 1'000'000,
                              .timestamp = end.ended_ns / kNs},
                             key_);
  call.Json(200, JobResultJson(request.job_id, AsText(*out), AsText(*err), ExitCodeOf(end),
                               receipt::SerializeReceiptV1(receipt, JsonStyle::kCompact)));
}

Result<Bytes> CompatRoutes::ReadOutput(Call& call, const store::StreamRecord& output) {
  if (output.contents) return *output.contents;
  return background_.Await<Bytes>(call.exchange(), [&blobs = blobs_, digest = output.digest] {
    return ReadContent(blobs, digest, kMaxOutputBytes);
  });
}

}  // namespace plasm::api
