// Whether a node takes a job: what can be said from the manifest alone. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/utc_time.h"
#include "jobs/client.h"
#include "jobs/job_limits.h"
#include "receipt/job_id.h"
#include "receipt/manifest_v1.h"

namespace plasm::jobs {

// What a node can run.
struct Offering {
  std::string arch;  // as in "x86_64"
  std::vector<std::pair<std::string, std::string>> labels;
  MostLimits most;
};

// kInvalid for a manifest that breaks spec/job.md; kLimitExceeded, naming the limit; kDenied for
// a profile that the client may not use, or a requester that is not the client; kConflict for a
// placement that is not here, or a time that has passed.
Result<receipt::Manifest> Admit(ByteView manifest, const Client& client, const Offering& offering,
                                UtcTime now);

using receipt::IsJobId;

// 1 to 128 visible characters of ASCII.
bool IsIdempotencyKey(std::string_view text);

}  // namespace plasm::jobs
