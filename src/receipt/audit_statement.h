// What an auditor states after running jobs again (spec/audit.md): the payload of an envelope
// of the same type as a receipt's.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"
#include "base/utc_time.h"
#include "receipt/statement.h"
#include "receipt/verdict.h"

namespace plasm::receipt {

inline constexpr std::string_view kAuditPredicateType = "urn:plasm:audit:v1";

inline constexpr std::size_t kMaxAuditedReceipts = 4096;

struct AuditedReceipt {
  std::string name;         // of its file
  Sha256Digest pae_digest;  // as the log has it
  Verdict verdict = Verdict::kUnknownKey;
  std::string reason;  // why it is not valid, for people; stated when a replay differs
};

enum class AuditConclusion { kConfirmed, kContradicted, kInconclusive };

// "confirmed", "contradicted", "inconclusive".
std::string_view AuditConclusionName(AuditConclusion conclusion);

// Section 4: contradicted when a replay differs or a receipt contradicts itself; confirmed when
// every receipt is valid, replay included; otherwise inconclusive, as is nothing at all.
AuditConclusion ConclusionOf(const std::vector<AuditedReceipt>& receipts);

// Whether a receipt's file can be a subject under this name: 1 to 255 bytes of UTF-8 without
// '/' and control characters.
bool IsSubjectName(std::string_view name);

struct AuditStatement {
  std::string auditor;  // fingerprint
  UtcTime time;
  Runtime runtime;  // its profile is not stated
  std::vector<AuditedReceipt> receipts;
};

// The payload. kInvalid for what section 2 or 3 does not allow: no receipts, a name that is not
// one, a name or receipt twice, a verdict that no receipt v2 has; kLimitExceeded for more than
// kMaxAuditedReceipts.
Result<std::string> SerializeAuditStatement(const AuditStatement& statement);

}  // namespace plasm::receipt
