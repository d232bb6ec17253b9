#include <plasm/node.h>

#include <utility>

#include "libplasm/enumerations.h"
#include "libplasm/node_calls.h"
#include "libplasm/node_state.h"
#include "libplasm/public_form.h"
#include "libplasm/task_thread.h"

namespace plasm::v0 {
namespace {

using client::NodeAccess;
using libplasm::NodeCalls;
using libplasm::OnConnection;
using libplasm::StartTask;
using libplasm::StopSlot;

// Each call once, for its blocking form (no slot) and its asynchronous one.

JobInfo SubmitOn(Node::State& node, StopSlot* stop, const JobSpec& job, const JobEvents& events) {
  return OnConnection(node, stop, [&](NodeAccess& access) {
    return NodeCalls(*node.client, access, events).Submit(job);
  });
}

JobInfo WaitOn(Node::State& node, StopSlot* stop, const std::string& job_id) {
  return libplasm::InfoOf(OnConnection(
      node, stop, [&](NodeAccess& access) { return access.node().WaitUntilEnd(job_id); }));
}

JobInfo WatchOn(Node::State& node, StopSlot* stop, const std::string& job_id,
                const JobEvents& events) {
  return OnConnection(node, stop, [&](NodeAccess& access) {
    return NodeCalls(*node.client, access, events).Watch(job_id);
  });
}

Outcome FetchOn(Node::State& node, StopSlot* stop, const std::string& job_id,
                const FetchOptions& options, const JobEvents& events) {
  return OnConnection(node, stop, [&](NodeAccess& access) {
    return NodeCalls(*node.client, access, events).Fetch(job_id, options);
  });
}

Outcome RunOn(Node::State& node, StopSlot* stop, const JobSpec& job, const FetchOptions& options,
              const JobEvents& events) {
  return OnConnection(node, stop, [&](NodeAccess& access) {
    return NodeCalls(*node.client, access, events).Run(job, options);
  });
}

}  // namespace

Node::Node(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}
Node::Node(const Node&) noexcept = default;
Node& Node::operator=(const Node&) noexcept = default;
Node::~Node() = default;

const std::string& Node::name() const noexcept { return state_->lanes.node().name; }

NodeStatus Node::Status() const {
  return libplasm::StatusOf(
      OnConnection(*state_, nullptr, [](NodeAccess& access) { return access.node().Status(); }));
}

JobInfo Node::Submit(const JobSpec& job, const JobEvents& events) const {
  return SubmitOn(*state_, nullptr, job, events);
}

Task<JobInfo> Node::SubmitAsync(JobSpec job, JobEvents events) const {
  return StartTask<JobInfo>([state = state_, job = std::move(job), events = std::move(events)](
                                StopSlot& stop) { return SubmitOn(*state, &stop, job, events); });
}

JobInfo Node::Show(const std::string& job_id) const {
  return libplasm::InfoOf(OnConnection(
      *state_, nullptr, [&](NodeAccess& access) { return access.node().Show(job_id); }));
}

std::vector<JobInfo> Node::List(const JobFilter& filter) const {
  client::JobFilter asked{.states = {}, .limit = filter.limit, .all_clients = filter.all_clients};
  for (const JobState state : filter.states) asked.states.push_back(libplasm::StateOf(state));
  std::vector<JobInfo> jobs;
  for (const client::JobDocument& job : OnConnection(
           *state_, nullptr, [&](NodeAccess& access) { return access.node().List(asked); })) {
    jobs.push_back(libplasm::InfoOf(job));
  }
  return jobs;
}

JobInfo Node::Cancel(const std::string& job_id) const {
  return libplasm::InfoOf(OnConnection(
      *state_, nullptr, [&](NodeAccess& access) { return access.node().Cancel(job_id); }));
}

JobInfo Node::Wait(const std::string& job_id) const { return WaitOn(*state_, nullptr, job_id); }

Task<JobInfo> Node::WaitAsync(std::string job_id) const {
  return StartTask<JobInfo>([state = state_, job_id = std::move(job_id)](StopSlot& stop) {
    return WaitOn(*state, &stop, job_id);
  });
}

JobInfo Node::Watch(const std::string& job_id, const JobEvents& events) const {
  return WatchOn(*state_, nullptr, job_id, events);
}

Task<JobInfo> Node::WatchAsync(std::string job_id, JobEvents events) const {
  return StartTask<JobInfo>(
      [state = state_, job_id = std::move(job_id), events = std::move(events)](StopSlot& stop) {
        return WatchOn(*state, &stop, job_id, events);
      });
}

Outcome Node::Fetch(const std::string& job_id, const FetchOptions& options,
                    const JobEvents& events) const {
  return FetchOn(*state_, nullptr, job_id, options, events);
}

Task<Outcome> Node::FetchAsync(std::string job_id, FetchOptions options, JobEvents events) const {
  return StartTask<Outcome>([state = state_, job_id = std::move(job_id),
                             options = std::move(options),
                             events = std::move(events)](StopSlot& stop) {
    return FetchOn(*state, &stop, job_id, options, events);
  });
}

Outcome Node::Run(const JobSpec& job, const FetchOptions& options, const JobEvents& events) const {
  return RunOn(*state_, nullptr, job, options, events);
}

Task<Outcome> Node::RunAsync(JobSpec job, FetchOptions options, JobEvents events) const {
  return StartTask<Outcome>([state = state_, job = std::move(job), options = std::move(options),
                             events = std::move(events)](StopSlot& stop) {
    return RunOn(*state, &stop, job, options, events);
  });
}

}  // namespace plasm::v0
