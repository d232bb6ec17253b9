// What a second run says about a receipt (spec/receipt.md section 9).
#pragma once

#include <string>

#include "execution/finished_run.h"
#include "execution/first_difference.h"
#include "receipt/statement.h"
#include "receipt/verdict.h"

namespace plasm::execution {

struct ReplayComparison {
  // kValid when the runs are the same, kReplayDiffers or kReplayInconclusive.
  receipt::Verdict verdict = receipt::Verdict::kReplayDiffers;
  std::string difference;  // the first one, for people; empty when there is none
};

// Whether a run under this receipt can be repeated at all: nothing, or the reason why not.
std::string WhyNotReplayable(const receipt::Statement& recorded);

// Status, exit code, trap, stdout, stderr, files and, between equal engine configurations,
// fuel; then the result digest. `runtime` is what ran the second run. The recorded statement
// is replayable. `places` may be null: it only adds offsets.
ReplayComparison CompareReplay(const receipt::Statement& recorded, const FinishedRun& replayed,
                               const receipt::Runtime& runtime, FirstDifferences* places);

}  // namespace plasm::execution
