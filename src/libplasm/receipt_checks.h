// A receipt held against the data folder, and its job run again.
#pragma once

#include <plasm/receipt.h>

#include "base/result.h"
#include "libplasm/client_state.h"
#include "libplasm/stop_signal.h"

namespace plasm::libplasm {

// Errors are files that cannot be read: what is wrong with the receipt is the verdict.
Result<v0::Verification> Verify(v0::Client::State& client, const v0::Receipt& receipt,
                                const v0::VerifyOptions& options);

// And runs it again when it is valid. `stop` may be null. Throws kStopped.
Result<v0::Verification> Replay(v0::Client::State& client, const v0::Receipt& receipt,
                                const v0::ReplayOptions& replay, const v0::VerifyOptions& options,
                                StopSlot* stop);

}  // namespace plasm::libplasm
