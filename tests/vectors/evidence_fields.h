// What cases of receipts and of bundles have in common: whom the verifier trusts, and what it has.
#pragma once

#include <optional>
#include <vector>

#include "tlog/policy.h"
#include "trust/trust_state.h"
#include "vector_file.h"
#include "verify/output_match.h"

namespace plasm::vectors {

// `trusted_nodes` and `cards`; nothing when the case has none of the first. Cards that are refused
// are as if they were not there.
std::optional<trust::TrustState> TakeTrust(CaseFields& fields);

std::optional<tlog::Policy> TakePolicy(CaseFields& fields);

std::vector<verify::OutputAtHand> TakeOutputs(CaseFields& fields);

std::uint64_t TakeNowSeconds(CaseFields& fields);

}  // namespace plasm::vectors
