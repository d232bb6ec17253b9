// A node's jobs, from submission to receipt: takes them in, keeps them, runs them in turn, logs
// their receipts, tells those who watch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "blobs/blob_store.h"
#include "blobs/collection.h"
#include "jobs/admission.h"
#include "jobs/client.h"
#include "jobs/job_times.h"
#include "jobs/live_job.h"
#include "jobs/outcomes.h"
#include "jobs/programs.h"
#include "node/serving_node.h"
#include "store/job_record.h"
#include "store/job_store.h"

namespace plasm::jobs {

struct ServiceSettings {
  std::filesystem::path worker_program;
  std::filesystem::path artefacts;  // folder of the artefact cache
  std::string engine_version;       // as in "48.0.8"
  unsigned workers = 1;
  Offering offering{};
  std::uint32_t queue_length = 100'000;  // unfinished jobs, of all clients
  std::uint32_t attempts = 3;            // for a node's own faults, where the manifest says nothing
  // What a client of this name may do now, for its jobs that a start finds unfinished. Called by
  // Start alone; none: what a client usually may.
  std::function<Client(const std::string& name)> client_named{};
};

struct Submission {
  Client client;
  Bytes manifest;
  std::optional<std::string> job_id;           // "job-<uuid>"; one is made otherwise
  std::optional<std::string> idempotency_key;  // 1 to 128 visible characters of ASCII
  std::string reservation{};                   // the name that Reserve was given; empty: none
};

// How busy the node is.
struct Load {
  std::uint64_t queued = 0;
  std::uint64_t running = 0;
  bool draining = false;
};

// Thread-safe, but for its end. Callbacks come from threads of the service, or from the calling
// thread: they must be quick, must not wait, and may not call back into it.
class JobService {
 public:
  // Queues again what was unfinished, and starts its threads and workers. The references must
  // outlive it.
  static Result<std::unique_ptr<JobService>> Start(ServiceSettings settings, store::JobStore& store,
                                                   const BlobStore& blobs, BlobPins& pins,
                                                   node::ServingNode& node, Clock& clock,
                                                   Entropy& entropy);
  ~JobService();  // as Stop(0)

  // Holds a place in the queue for Reservations::kSeconds, for the client's submission that gives
  // this name: kOverloaded when the queue or the client's share of it is full, kUnavailable while
  // it drains. A restart forgets it. A name that holds none is not an error: the submission is
  // then taken or refused as one without.
  Result<void> Reserve(const Client& client, std::string_view name);

  // Once `accepted` says so the job is on disk. kInvalid for a manifest or an id that is wrong,
  // kLimitExceeded naming the limit, kDenied for what the client may not do, kConflict for an id
  // or key that stands for another job, kOverloaded when a queue is full, kUnavailable while it
  // drains or cannot write. `ended`, when given, is called once the job has ended, its receipt is
  // logged and all of it is on disk; also for a job that was there before, and never after an
  // error. It may come before `accepted`.
  void Submit(Submission submission, WhenAccepted accepted, WhenEnded ended = {});

  // kNotFound for a job that is not there or that the client may not see. Jobs that have ended
  // stay as they are. The answer comes when the wish is on disk.
  void Cancel(const Client& client, const std::string& id, std::function<void(Result<void>)> done);

  // As it is now; nothing when it is not there or the client may not see it.
  Result<std::optional<store::JobRecord>> Find(const Client& client, std::string_view id) const;
  Result<std::optional<store::JobSummary>> FindSummary(const Client& client,
                                                       std::string_view id) const;

  // Calls `ended` once the job has ended, at once for one that has: once, even when whoever asked
  // has lost interest. kNotFound as above.
  Result<void> WaitFor(const Client& client, const std::string& id, WhenEnded ended);

  // State and output on the way; null for a job that has ended or is not there.
  std::shared_ptr<LiveJob> Live(const Client& client, const std::string& id) const;

  // Has modules compiled before a job asks for them, one after the other, by a process of lowest
  // priority, and never while a job waits for another one. `warm` is told of each, on a thread of
  // the service: kInvalid for what is no module, kNotFound when its contents are not here. With
  // kAlways it stays ready, however many others are used; its contents are the caller's to pin.
  void WarmUp(std::vector<Sha256Digest> modules, Keep keep, WhenWarm warm);

  Load load() const;
  const JobTimes& times() const;
  const ServiceSettings& settings() const;

  // From now on no job is accepted.
  void Drain();
  // Drains, gives running jobs this long to end, kills the others, which stay queued on disk, and
  // ends all threads. By one thread; a second call does nothing.
  void Stop(std::uint64_t grace_ns);

 private:
  struct Parts;
  explicit JobService(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace plasm::jobs
