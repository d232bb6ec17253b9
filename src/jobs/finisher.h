// From the end of a run to the answer: a receipt in the log, then the end in the store, then those
// who wait for it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "jobs/open_jobs.h"
#include "jobs/runner.h"
#include "jobs/task.h"
#include "node/serving_node.h"
#include "store/job_store.h"

namespace plasm::jobs {

// What the runner tells. The log's thread and the store's go on with it. References outlive it.
class Finisher final : public RunnerEvents {
 public:
  // `run_again`: a job whose end could not be written down is not over.
  Finisher(std::string engine_version, OpenJobs& open, store::JobStore& store,
           node::ServingNode& node, Clock& clock, std::function<void(TaskPtr)> run_again)
      : engine_version_(std::move(engine_version)),
        open_(open),
        store_(store),
        node_(node),
        clock_(clock),
        run_again_(std::move(run_again)) {}

  void OnStarted(const Task& task) override;
  void OnEnded(const TaskPtr& task, GuestRun::Gathered gathered) override;
  void OnNotRun(const TaskPtr& task, store::JobState state, const std::string& why) override;

  // The store has a job now, of which the end may have been known before.
  void OnAccepted(const TaskPtr& task, std::uint64_t seq);
  // It will not have it.
  void OnRefused(const Task& task, const Error& why);

 private:
  std::uint64_t EndTimeOf(const Task& task) const;
  store::EndJob EndOf(const Task& task) const;
  void Write(const TaskPtr& task, store::EndJob end, std::string proof);
  // When the store has the job.
  void Submit(const TaskPtr& task, store::EndJob end);
  // When it has not.
  void SubmitWhole(const TaskPtr& task, store::EndJob end, Unwritten unwritten);
  void Tell(const TaskPtr& task, const std::shared_ptr<EndedJob>& ended);

  const std::string engine_version_;
  OpenJobs& open_;
  store::JobStore& store_;
  node::ServingNode& node_;
  Clock& clock_;
  const std::function<void(TaskPtr)> run_again_;
};

}  // namespace plasm::jobs
