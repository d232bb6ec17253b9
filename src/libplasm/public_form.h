// What the layers below found, as the interface has it. Pure.
#pragma once

#include <plasm/client.h>
#include <plasm/job.h>
#include <plasm/node.h>
#include <plasm/receipt.h>

#include "base/utc_time.h"
#include "client/job_document.h"
#include "client/node_status.h"
#include "client/verified_result.h"
#include "verify/verification.h"

namespace plasm::libplasm {

// The last moment that v0::Time holds, for one that is later: a node can name the year 9999.
v0::Time TimeOf(UtcTime time);
// kInvalid, with `what` in front, for one before 1970.
Result<UtcTime> UtcTimeOf(v0::Time time, const char* what);

v0::JobInfo InfoOf(const client::JobDocument& job);
v0::NodeStatus StatusOf(const client::NodeStatus& status);
v0::Verification VerificationOf(const verify::Verification& found);
v0::Receipt ReceiptOf(const client::ReceiptBundle& bundle);

}  // namespace plasm::libplasm
