// What a write must be to be taken at all: pure, and before it waits for anything.
#pragma once

#include "base/result.h"
#include "store/writes.h"

namespace plasm::store {

// kInvalid or kLimitExceeded; the message names the member.
Result<void> Check(const SubmitJob& write);
Result<void> Check(const EndJob& write);
Result<void> Check(const CompleteJob& write);
Result<void> Check(const AddUpload& write);
Result<void> Check(const UseNonce& write);
template <class Write>
Result<void> Check(const Write&) {  // of the others everything is taken
  return {};
}

}  // namespace plasm::store
