// What an auditor states after running jobs again (spec/audit.md): the payload of an envelope
// of the same type as a receipt's.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.h"
#include "base/utc_time.h"
#include "receipt/statement.h"
#include "receipt/verdict.h"

namespace plasm::receipt {

inline constexpr std::string_view kAuditPredicateType = "urn:plasm:audit:v1";
inline constexpr std::size_t kMaxAuditedReceipts = 4096;

// Whether a receipt's file can be named in a statement: 1 to 255 bytes of UTF-8 without '/' and
// control characters.
bool IsAuditedName(std::string_view name);

struct AuditedReceipt {
  std::string name;         // of its file; IsAuditedName
  Sha256Digest pae_digest;  // as the log has it; none twice in a statement
  Verdict verdict = Verdict::kMalformed;
  std::string reason;  // why it is not valid, without control characters; empty when it is
};

enum class AuditConclusion { kConfirmed, kContradicted, kInconclusive };

// "confirmed", "contradicted", "inconclusive".
std::string_view AuditConclusionName(AuditConclusion conclusion);

// Confirmed when every receipt is valid, replay included; contradicted when a replay differs or
// a receipt contradicts itself; otherwise inconclusive, as is nothing at all.
AuditConclusion ConclusionOf(const std::vector<AuditedReceipt>& receipts);

struct AuditStatement {
  std::string auditor;  // fingerprint
  UtcTime time;
  Runtime runtime;  // its profile is not stated
  std::vector<AuditedReceipt> receipts;
};

// 1 to kMaxAuditedReceipts receipts. Of a reason only the start is stated when it is long.
std::string SerializeAuditStatement(const AuditStatement& statement);

}  // namespace plasm::receipt
