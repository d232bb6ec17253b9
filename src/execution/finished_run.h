// What a run gave, in the words of a receipt.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "execution/result_digests.h"
#include "receipt/statement.h"
#include "worker/supervisor/executor.h"

namespace plasm::execution {

struct FinishedRun {
  receipt::Outcome outcome;
  receipt::StreamSubject stdout_subject;
  receipt::StreamSubject stderr_subject;
  std::vector<receipt::FileSubject> files;
  std::uint64_t wall_time_ns = 0;
};

// `ending` is not kFailed: for a node's own fault there is no receipt. Takes the digests.
FinishedRun FinishedRunOf(const worker::JobEnding& ending, ResultDigests& digests);

// A module that could not even be compiled: nothing ran, nothing came out.
FinishedRun RejectedRun(std::string_view reason);

// Sets subjects, result and result digest. The runtime's profile must be set before.
void DescribeRun(const FinishedRun& run, receipt::Statement& statement);

}  // namespace plasm::execution
