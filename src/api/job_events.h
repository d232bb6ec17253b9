// /v1/jobs/{id}/events: state and output while they come, as Server-Sent Events.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "api/call.h"
#include "api/job_query.h"
#include "blobs/blob_store.h"
#include "jobs/job_service.h"
#include "jobs/live_job.h"

namespace plasm::api {

// Where a reader that was cut off goes on in the output of a job that has ended: at its position,
// or at the start when the output that it has read may have been another. Pure.
enum class Resumption { kGoesOn, kStartsOver };
Resumption ResumptionAfterEnd(const EventPosition& reader, const store::JobRecord& ended);

// The references outlive it. Belongs to the server's thread.
class JobEvents {
 public:
  JobEvents(jobs::JobService& service, const BlobStore& blobs) : service_(service), blobs_(blobs) {}

  void Watch(Call& call);

 private:
  class Stream;
  Result<void> Follow(Stream& stream, net::Exchange& exchange, jobs::LiveJob& live);
  Result<void> SendEnd(Stream& stream, const store::JobRecord& record);

  jobs::JobService& service_;
  const BlobStore& blobs_;
};

}  // namespace plasm::api
