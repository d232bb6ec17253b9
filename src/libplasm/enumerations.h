// Enumerations that the interface and the layers below both have.
#pragma once

#include <plasm/job.h>
#include <plasm/receipt.h>

#include "receipt/job_parts.h"
#include "receipt/job_state.h"
#include "receipt/statement.h"
#include "receipt/verdict.h"

namespace plasm::libplasm {

v0::JobState StateOf(receipt::JobState state);
receipt::JobState StateOf(v0::JobState state);
v0::JobState StateOf(receipt::Status status);

v0::Verdict VerdictOf(receipt::Verdict verdict);
receipt::Verdict VerdictOf(v0::Verdict verdict);

constexpr v0::Profile ProfileOf(receipt::Profile profile) {
  return profile == receipt::Profile::kLive ? v0::Profile::kLive : v0::Profile::kDeterministic;
}
constexpr receipt::Profile ProfileOf(v0::Profile profile) {
  return profile == v0::Profile::kLive ? receipt::Profile::kLive : receipt::Profile::kDet1;
}

}  // namespace plasm::libplasm
