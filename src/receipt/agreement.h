// Whether the parts of a receipt agree with each other and with its manifest: the steps 10 and
// 11 of spec/receipt.md section 8. Pure.
#pragma once

#include "base/result.h"
#include "base/sha256.h"
#include "receipt/manifest_v1.h"
#include "receipt/statement.h"

namespace plasm::receipt {

// Step 10. kInvalid names the first part that contradicts another, as in
// "result.truncated: …".
Result<void> CheckAgreement(const Statement& statement);

// Step 11 (spec/job.md section 8), with `digest` of the bytes that `manifest` was parsed from.
// kInvalid names the first member of the receipt that is not the manifest's.
Result<void> CheckAgainstManifest(const Statement& statement, const Sha256Digest& digest,
                                  const Manifest& manifest);

}  // namespace plasm::receipt
