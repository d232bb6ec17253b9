// What a node is asked to do, on one connection, with the results that the interface has.
#pragma once

#include <plasm/job.h>
#include <plasm/node.h>

#include <string>

#include "base/result.h"
#include "client/digested_output.h"
#include "client/judged_job.h"
#include "client/node_access.h"
#include "libplasm/client_state.h"

namespace plasm::libplasm {

// One call on one connection; the references outlive it. What the callbacks throw passes through.
class NodeCalls {
 public:
  NodeCalls(v0::Client::State& client, client::NodeAccess& access, const v0::JobEvents& events)
      : client_(client), access_(access), events_(events) {}

  Result<v0::JobInfo> Submit(const v0::JobSpec& job);
  Result<v0::JobInfo> Watch(const std::string& job_id);
  Result<v0::Outcome> Fetch(const std::string& job_id, const v0::FetchOptions& options);
  Result<v0::Outcome> Run(const v0::JobSpec& job, const v0::FetchOptions& options);

 private:
  class Gathered;

  Result<v0::Outcome> Judge(client::JobDocument job, client::DigestedOutput& output,
                            Gathered& gathered, const v0::FetchOptions& options);
  Result<void> FetchFiles(const client::JudgedJob& judged, const v0::FetchOptions& options,
                          v0::Outcome& outcome);

  v0::Client::State& client_;
  client::NodeAccess& access_;
  const v0::JobEvents& events_;
};

}  // namespace plasm::libplasm
