// What becomes of a submission, and of a job.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"
#include "store/job_record.h"
#include "store/writes.h"

namespace plasm::jobs {

// What a job refers to and the node, or this client, does not have.
struct MissingBlobs {
  std::vector<Sha256Digest> digests;
};

struct Accepted {
  std::string id;
  store::Novelty novelty = store::Novelty::kNew;
};

using SubmitOutcome = std::variant<Accepted, MissingBlobs, Error>;

// A job that has ended, with all that is known of it.
struct EndedJob {
  store::JobRecord record;
  std::string proof;  // of the receipt in the log; empty where it is not at hand (log/ has it)
};

using WhenAccepted = std::function<void(SubmitOutcome)>;
using WhenEnded = std::function<void(std::shared_ptr<const EndedJob>)>;

}  // namespace plasm::jobs
