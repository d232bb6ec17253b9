// One job on several nodes, and what they agree on (spec/quorum.md).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "client/job_document.h"
#include "client/job_plan.h"
#include "client/node_list.h"
#include "home/data_folder.h"
#include "receipt/quorum_bundle.h"
#include "trust/trust_file.h"
#include "verify/quorum.h"

namespace plasm::client {

// The first `replicas` of the nodes that are trusted under their names, and are of identities and
// operators of their own (section 2). kInvalid when there are not so many. Pure.
Result<std::vector<KnownNode>> ChooseReplicas(const std::vector<KnownNode>& nodes,
                                              const trust::TrustFile& trusted,
                                              std::uint32_t replicas);

struct QuorumSettings {
  std::uint32_t agree = 1;
  // How long others are awaited once enough are committed: as long as that took, and no less
  // than this.
  std::chrono::nanoseconds rest = std::chrono::seconds(2);
  int interrupt_fd = -1;  // while it is readable, everything ends
};

// One node's part.
struct Replica {
  KnownNode node;
  std::string job_id;
  std::optional<JobDocument> job{};  // once it has ended
  std::optional<Bytes> proof{};      // its commitment
  std::optional<Bytes> receipt{};
  std::optional<Error> error{};  // why it has no part in the result
};

struct QuorumRun {
  std::vector<Replica> replicas;
  receipt::QuorumBundle bundle;      // the answers of those that have a receipt, in their order
  std::vector<std::size_t> answers;  // whose they are: indices into replicas
  verify::QuorumVerification verification;
};

// Submits the plan to each node, waits, lets them commit themselves, and only then fetches
// receipts; verifies and saves them. Jobs that nobody waits for any more are cancelled. Too few
// answers, and answers that differ, are the verdict. kUnavailable when no node answered at all, or
// when it was interrupted; the jobs then go on. Blocks; a thread for each node meanwhile.
Result<QuorumRun> RunOnAll(const home::DataFolder& data, const std::vector<KnownNode>& nodes,
                           const JobPlan& plan, const QuorumSettings& settings, Clock& clock,
                           Entropy& entropy);

}  // namespace plasm::client
