// Follows a job on a node until it has ended.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "client/job_document.h"
#include "client/job_event.h"
#include "client/node_session.h"

namespace plasm::client {

// Told what happens, in order, on the watching thread. The views live for the call.
class JobWatcher {
 public:
  virtual ~JobWatcher() = default;
  virtual void OnState(JobState) {}
  // Each byte of a stream once. An error ends the watching.
  virtual Result<void> OnOutput(worker::Stream stream, ByteView bytes) = 0;
  // The node runs the job again after a fault of its own. What it writes again is passed over.
  virtual void OnRestart() {}
};

// Blocks until the job has ended; goes on where it was after a cut connection. `progress` says
// how far the output has come before and afterwards: a job that ended before anybody watched it
// may not tell all of it here. Errors as NodeConnection.
Result<JobDocument> WatchJob(NodeSession& session, std::string_view id, OutputProgress& progress,
                             JobWatcher& watcher);

}  // namespace plasm::client
