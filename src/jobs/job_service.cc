#include "jobs/job_service.h"

#include <atomic>
#include <chrono>
#include <utility>

#include "jobs/finisher.h"
#include "jobs/needed_blobs.h"
#include "jobs/open_jobs.h"
#include "jobs/postponed_writes.h"
#include "jobs/referred_before.h"
#include "jobs/runner.h"
#include "receipt/job_id.h"

namespace plasm::jobs {
namespace {

constexpr std::size_t kRestoredAtOnce = 1000;
constexpr unsigned kPipelineDepth = 64;
// Each module may be there in both tiers, while one takes the place of the other.
constexpr std::size_t kMostPrograms = 2 * Programs::kMost + 2;
// A job that was begun this often and never ended takes the node with it.
constexpr std::uint32_t kMostBegun = 10;

// A job of which nobody was told is on disk after so long, unless it has ended by then.
constexpr std::chrono::milliseconds kPostponed(20);

using Pinned = std::vector<BlobPins::Hold>;

// What one client may use of the blobs that are here. None of them goes until the pins do.
class ClientBlobs final : public BlobAccess {
 public:
  ClientBlobs(const Client& client, const store::JobStore& store, const BlobStore& blobs,
              BlobPins& pins, ReferredBefore& referred)
      : client_(client), store_(store), blobs_(blobs), pins_(pins), referred_(referred) {}

  Pinned TakePinned() { return std::move(pinned_); }

  Result<bool> IsHere(const Sha256Digest& digest) override {
    pinned_.push_back(pins_.Pin(digest));
    if (!blobs_.Has(digest)) return false;
    if (client_.sees_others || referred_.Has(client_.name, digest)) return true;
    PLASM_TRY(const bool refers, store_.IsReferredBy(client_.name, digest));
    if (refers) referred_.Add(client_.name, digest);
    return refers;
  }

 private:
  const Client& client_;
  const store::JobStore& store_;
  const BlobStore& blobs_;
  BlobPins& pins_;
  ReferredBefore& referred_;
  Pinned pinned_;
};

}  // namespace

struct JobService::Parts {
  Parts(ServiceSettings the_settings, store::JobStore& the_store, const BlobStore& the_blobs,
        BlobPins& the_pins, node::ServingNode& the_node, Clock& the_clock, Entropy& the_entropy)
      : settings(std::move(the_settings)),
        store(the_store),
        blobs(the_blobs),
        pins(the_pins),
        node(the_node),
        clock(the_clock),
        entropy(the_entropy),
        open(settings.queue_length, clock),
        finisher(settings.engine_version, open, store, node, clock,
                 [this](TaskPtr task) { runner->AddLater(std::move(task)); }),
        postponed(kPostponed, [this](const std::string& id) { WritePostponed(id); }) {}

  TaskPtr NewTask(receipt::Manifest manifest, store::JobSummary summary, Bytes bytes,
                  const Client& client);
  Result<void> Restore();
  Result<void> Restore(store::JobRecord record);
  enum class Runs { kOnceWritten, kMeanwhile };
  void Write(const TaskPtr& task, Unwritten unwritten, Runs runs);
  void WritePostponed(const std::string& id);
  void TellOfExisting(const store::Submission& existing, OpenJobs::Left waiting);

  const ServiceSettings settings;
  store::JobStore& store;
  const BlobStore& blobs;
  BlobPins& pins;
  node::ServingNode& node;
  Clock& clock;
  Entropy& entropy;
  OpenJobs open;
  ReferredBefore referred;
  Finisher finisher;
  std::unique_ptr<Runner> runner;
  std::atomic<std::uint64_t> next_number = 1;
  std::atomic<bool> draining = false;
  PostponedWrites postponed;  // its thread uses all of the above
};

JobService::JobService(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
JobService::~JobService() { Stop(0); }

Result<std::unique_ptr<JobService>> JobService::Start(ServiceSettings settings,
                                                      store::JobStore& store,
                                                      const BlobStore& blobs, BlobPins& pins,
                                                      node::ServingNode& node, Clock& clock,
                                                      Entropy& entropy) {
  auto parts =
      std::make_unique<Parts>(std::move(settings), store, blobs, pins, node, clock, entropy);
  PLASM_TRY(parts->runner,
            Runner::Start({.executor = {.worker_program = parts->settings.worker_program,
                                        .workers = parts->settings.workers,
                                        .pipeline_depth = kPipelineDepth,
                                        .max_programs = kMostPrograms},
                           .artefacts = parts->settings.artefacts},
                          blobs, parts->finisher, clock));
  std::unique_ptr<JobService> service(new JobService(std::move(parts)));
  PLASM_TRY_VOID(service->parts_->Restore());
  return service;
}

TaskPtr JobService::Parts::NewTask(receipt::Manifest manifest, store::JobSummary summary,
                                   Bytes bytes, const Client& client) {
  auto task = std::make_shared<Task>();
  task->number = next_number++;
  task->attempts_allowed = manifest.retry ? manifest.retry->attempts : settings.attempts;
  task->manifest = std::move(manifest);
  task->manifest_bytes = std::move(bytes);
  task->share = client.share;
  task->running_at_most = client.quota.running;
  task->live = std::make_shared<LiveJob>(blobs);
  task->summary = std::move(summary);
  return task;
}

Result<void> JobService::Parts::Restore() {
  std::uint64_t after = 0;
  while (true) {
    PLASM_TRY(auto records, store.Unfinished(after, kRestoredAtOnce));
    if (records.empty()) return {};
    after = records.back().summary.seq;
    for (store::JobRecord& record : records) PLASM_TRY_VOID(Restore(std::move(record)));
  }
}

Result<void> JobService::Parts::Restore(store::JobRecord record) {
  auto manifest = receipt::ParseManifest(record.manifest);
  const bool readable = manifest.has_value();
  const bool cancelled = record.summary.cancel_requested;
  record.summary.state = store::JobState::kQueued;
  const Client client = settings.client_named ? settings.client_named(record.summary.client)
                                              : Client{.name = record.summary.client};
  const TaskPtr task = NewTask(readable ? *std::move(manifest) : receipt::Manifest(),
                               std::move(record.summary), std::move(record.manifest), client);
  open.Restore(task);
  if (!readable) {
    finisher.OnNotRun(
        task, store::JobState::kFailed,
        "this version of the node cannot read the manifest any more: " + manifest.error().message);
  } else if (task->summary.attempts >= std::max(kMostBegun, task->attempts_allowed)) {
    finisher.OnNotRun(task, store::JobState::kFailed,
                      "the node stopped each of the " + std::to_string(task->summary.attempts) +
                          " times that the job was begun");
  } else {
    runner->Add(task);
    if (cancelled) runner->Cancel(task->number);
  }
  return {};
}

Result<void> JobService::Reserve(const Client& client, std::string_view name) {
  if (parts_->draining) return Error{ErrorCode::kUnavailable, "the node is about to stop"};
  return parts_->open.Reserve(client, name);
}

void JobService::Submit(Submission submission, WhenAccepted accepted, WhenEnded ended) {
  if (parts_->draining) {
    return accepted(Error{ErrorCode::kUnavailable, "the node is about to stop"});
  }
  const std::uint64_t now = parts_->clock.RealtimeNs();
  auto manifest = Admit(submission.manifest, submission.client, parts_->settings.offering,
                        UtcTime::FromNanoseconds(now));
  if (!manifest) return accepted(std::move(manifest).error());
  if (submission.job_id && !IsJobId(*submission.job_id)) {
    return accepted(Error{ErrorCode::kInvalid, "job id: expected \"job-\" and a UUID"});
  }
  if (submission.idempotency_key && !IsIdempotencyKey(*submission.idempotency_key)) {
    return accepted(Error{ErrorCode::kInvalid,
                          "idempotency key: expected 1 to 128 visible characters of ASCII"});
  }
  ClientBlobs access(submission.client, parts_->store, parts_->blobs, parts_->pins,
                     parts_->referred);
  auto needs = NeedsOf(*manifest, parts_->blobs, access);
  if (!needs) return accepted(std::move(needs).error());
  if (!needs->missing.empty()) return accepted(MissingBlobs{std::move(needs->missing)});

  const bool named = submission.job_id || submission.idempotency_key;
  const bool waits = static_cast<bool>(ended);
  store::JobSummary summary{
      .id = submission.job_id ? *submission.job_id : receipt::RandomJobId(parts_->entropy),
      .client = submission.client.name,
      .idempotency_key = std::move(submission.idempotency_key),
      .manifest_digest = receipt::ManifestDigest(submission.manifest),
      .submitted_ns = now};
  const TaskPtr task = parts_->NewTask(*std::move(manifest), std::move(summary),
                                       std::move(submission.manifest), submission.client);
  auto entrance = parts_->open.Open(submission.client, task, accepted, std::move(ended),
                                    submission.reservation);
  if (!entrance) return accepted(std::move(entrance).error());
  if (std::holds_alternative<OpenJobs::Joined>(entrance->how)) {
    if (entrance->accepted_now) {
      entrance->accepted_now(Accepted{entrance->id, store::Novelty::kExisting});
    }
    return;
  }
  Unwritten unwritten{std::move(needs->needed), access.TakePinned()};
  // A job without a name of its client's can't have been submitted before: it need not wait for
  // the disk. When its client waits for its end, nobody is told of it before that either.
  if (named) return parts_->Write(task, std::move(unwritten), Parts::Runs::kOnceWritten);
  if (waits) {
    parts_->open.Postpone(task->summary.id, std::move(unwritten));
    parts_->postponed.Add(task->summary.id);
  } else {
    parts_->Write(task, std::move(unwritten), Parts::Runs::kMeanwhile);
  }
  parts_->runner->Add(task);
}

void JobService::Parts::Write(const TaskPtr& task, Unwritten unwritten, Runs runs) {
  const auto pinned = std::make_shared<Pinned>(std::move(unwritten.pinned));
  const auto submitted = store.Submit(
      SubmissionOf(*task, std::move(unwritten.blobs)),
      store::Done<store::SubmitJob>([this, task, runs, pinned](Result<store::Submission> written) {
        if (!written) {
          if (runs == Runs::kMeanwhile) runner->Forget(task->number);
          return finisher.OnRefused(*task, written.error());
        }
        if (written->novelty == store::Novelty::kExisting) {
          return TellOfExisting(*written, open.Remove(task->summary.id));
        }
        finisher.OnAccepted(task, written->seq);
        if (runs == Runs::kOnceWritten) runner->Add(task);
      }));
  if (submitted) return;
  if (runs == Runs::kMeanwhile) runner->Forget(task->number);
  finisher.OnRefused(*task, submitted.error());
}

void JobService::Parts::WritePostponed(const std::string& id) {
  if (auto taken = open.TakeUnwritten(id)) {
    Write(taken->task, std::move(taken->unwritten), Runs::kMeanwhile);
  }
}

// The store had a job of this name that the table of open ones had not: it has ended.
void JobService::Parts::TellOfExisting(const store::Submission& existing, OpenJobs::Left waiting) {
  for (const WhenAccepted& accepted : waiting.accepted) {
    accepted(Accepted{existing.id, store::Novelty::kExisting});
  }
  if (waiting.ended.empty()) return;
  auto record = store.FindBySeq(existing.seq);
  if (!record || !*record) return;  // whoever waits sees that no end comes, and asks
  auto ended = std::make_shared<EndedJob>();
  ended->record = **std::move(record);
  for (const WhenEnded& when_ended : waiting.ended) when_ended(ended);
}

void JobService::Cancel(const Client& client, const std::string& id,
                        std::function<void(Result<void>)> done) {
  const auto number = parts_->open.RequestCancel(client, id);
  if (!number) {
    const auto found = FindSummary(client, id);
    if (!found) return done(found.error());
    if (!*found) return done(Error{ErrorCode::kNotFound, "there is no job " + id});
    return done({});  // it has ended
  }
  parts_->WritePostponed(id);
  auto shared = std::make_shared<std::function<void(Result<void>)>>(std::move(done));
  const auto submitted = parts_->store.Submit(
      store::RequestCancel{.id = id},
      store::Done<store::RequestCancel>(
          [parts = parts_.get(), number = *number, shared](Result<store::JobState> written) {
            if (!written) return (*shared)(std::move(written).error());
            parts->runner->Cancel(number);
            (*shared)({});
          }));
  if (!submitted) (*shared)(submitted.error());
}

Result<std::optional<store::JobRecord>> JobService::Find(const Client& client,
                                                         std::string_view id) const {
  if (auto view = parts_->open.Find(client, id)) {
    return std::optional(store::JobRecord{.summary = std::move(view->summary),
                                          .manifest = view->task->manifest_bytes});
  }
  PLASM_TRY(auto record, parts_->store.Find(id));
  if (record && !MaySee(client, record->summary.client)) record.reset();
  return record;
}

Result<std::optional<store::JobSummary>> JobService::FindSummary(const Client& client,
                                                                 std::string_view id) const {
  if (auto view = parts_->open.Find(client, id)) return std::optional(std::move(view->summary));
  PLASM_TRY(auto summary, parts_->store.FindSummary(id));
  if (summary && !MaySee(client, summary->client)) summary.reset();
  return summary;
}

Result<void> JobService::WaitFor(const Client& client, const std::string& id, WhenEnded ended) {
  if (parts_->open.WaitFor(client, id, ended)) return {};
  PLASM_TRY(auto record, Find(client, id));
  if (!record) return Error{ErrorCode::kNotFound, "there is no job " + id};
  auto found = std::make_shared<EndedJob>();
  found->record = *std::move(record);
  ended(found);
  return {};
}

std::shared_ptr<LiveJob> JobService::Live(const Client& client, const std::string& id) const {
  const auto view = parts_->open.Find(client, id);
  return view ? view->task->live : nullptr;
}

void JobService::WarmUp(std::vector<Sha256Digest> modules, Keep keep, WhenWarm warm) {
  parts_->runner->WarmUp(std::move(modules), keep, std::move(warm));
}

Load JobService::load() const {
  return {.queued = parts_->runner->queued(),
          .running = parts_->runner->running(),
          .draining = parts_->draining};
}

const JobTimes& JobService::times() const { return parts_->open.times(); }

const ServiceSettings& JobService::settings() const { return parts_->settings; }

void JobService::Drain() { parts_->draining = true; }

void JobService::Stop(std::uint64_t grace_ns) {
  Drain();
  parts_->runner->Stop(grace_ns);
  parts_->node.Stop();
  parts_->postponed.Stop();  // what has not ended stays queued on disk
  parts_->store.Stop();
}

}  // namespace plasm::jobs
