// One node's work at a job, from the handshake to the receipt.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "client/failover_decision.h"
#include "client/handshake.h"
#include "client/job_plan.h"
#include "client/job_submission.h"
#include "client/judged_job.h"
#include "client/kept_streams.h"
#include "home/data_folder.h"

namespace plasm::client {

// What all attempts at a job share. All of it outlives them, and is thread-safe.
struct AttemptContext {
  const home::DataFolder& data;
  const JobPlan& plan;
  const std::string& job_id;
  Handshake& handshake;
  Clock& clock;
  Entropy& entropy;
  int changed_fd = -1;                                 // an eventfd, written when one has ended
  std::function<void(const KnownNode& node)> on_node;  // by the attempt's threads
  UploadProgress on_upload;                            // the same
};

// Works in two threads of its own: one does the job's requests, the other hears every second
// whether the node still answers. What the node gives is judged, and kept in memory: nothing is
// shown or saved here.
class JobAttempt {
 public:
  explicit JobAttempt(const AttemptContext& context);
  // Stops it, as Stop, and waits for its threads.
  ~JobAttempt();
  JobAttempt(const JobAttempt&) = delete;
  JobAttempt& operator=(const JobAttempt&) = delete;

  // Everything that it waits for ends at once. The job may go on on the node.
  void Stop() const;

  AttemptView view() const;
  // The node that takes the job, once there is one; and whether it may have the job, so that it is
  // to be told when nobody wants that any more.
  std::optional<KnownNode> node() const;
  bool may_be_there() const;
  bool has_ended() const;

  // Those below, once it has ended.
  // The job with its receipt, which need not be valid; why there is none otherwise.
  Result<JudgedJob>& judged() { return *judged_; }
  KeptStreams& streams() { return streams_; }
  // From when the node had the job until it had ended.
  std::chrono::nanoseconds took() const { return took_; }

 private:
  class Watcher;

  void Work();
  Result<JudgedJob> DoJob();
  void Listen(const KnownNode& node);
  void Enter(AttemptPhase phase);
  void Moved();
  std::chrono::nanoseconds Now() const;

  const AttemptContext& context_;
  UniqueFd stop_;
  mutable std::mutex mutex_;
  AttemptView view_;
  std::optional<KnownNode> node_;
  bool may_be_there_ = false;
  bool has_ended_ = false;
  std::optional<Result<JudgedJob>> judged_;
  KeptStreams streams_;
  std::chrono::nanoseconds took_{};
  std::thread listener_;
  std::thread worker_;
};

}  // namespace plasm::client
