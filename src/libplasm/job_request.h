// From a job as the interface has it to one that can be planned.
#pragma once

#include <plasm/job.h>

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "execution/job_order.h"

namespace plasm::libplasm {

// kInvalid, naming the member, for what cannot be meant. What a manifest cannot hold is found when
// the job is planned. Pure.
Result<execution::JobOrder> OrderOf(const v0::JobSpec& job, const std::string& requester);

// The module's bytes. Errors as ReadFile; kInvalid unless exactly one is named.
Result<Bytes> ModuleOf(const v0::JobSpec& job);

// A descriptor at the start of standard input; none when there is none. kInvalid when two are
// named.
Result<UniqueFd> StandardInputOf(const v0::JobSpec& job);

}  // namespace plasm::libplasm
