#include "receipt/audit_statement.h"

#include <algorithm>
#include <set>

#include "base/json_writer.h"
#include "base/quote.h"
#include "receipt/sentence.h"

namespace plasm::receipt {
namespace {

constexpr std::size_t kMaxDifferenceBytes = 1024;

bool Contradicts(Verdict verdict) {
  return verdict == Verdict::kReplayDiffers || verdict == Verdict::kInconsistent;
}

Error Refused(const AuditedReceipt& receipt, const std::string& why) {
  return {ErrorCode::kInvalid, "audit statement: " + Quote(receipt.name) + " " + why};
}

Result<void> Check(const std::vector<AuditedReceipt>& receipts) {
  if (receipts.empty()) {
    return Error{ErrorCode::kInvalid, "audit statement: expected at least one receipt"};
  }
  if (receipts.size() > kMaxAuditedReceipts) {
    return Error{ErrorCode::kLimitExceeded,
                 "audit statement: more than " + std::to_string(kMaxAuditedReceipts) + " receipts"};
  }
  std::set<std::string_view> names;
  std::set<Sha256Digest> digests;
  for (const AuditedReceipt& receipt : receipts) {
    if (!IsSubjectName(receipt.name)) return Refused(receipt, "is no name of a subject");
    if (!names.insert(receipt.name).second) return Refused(receipt, "is there twice");
    if (!digests.insert(receipt.pae_digest).second) {
      return Refused(receipt, "is a receipt that is there already");
    }
    if (receipt.verdict == Verdict::kMalformed || receipt.verdict == Verdict::kValidLegacyUnbound) {
      return Refused(receipt, "is no receipt v2");
    }
  }
  return {};
}

}  // namespace

std::string_view AuditConclusionName(AuditConclusion conclusion) {
  switch (conclusion) {
    case AuditConclusion::kConfirmed:
      return "confirmed";
    case AuditConclusion::kContradicted:
      return "contradicted";
    case AuditConclusion::kInconclusive:
      return "inconclusive";
  }
  return "inconclusive";
}

AuditConclusion ConclusionOf(const std::vector<AuditedReceipt>& receipts) {
  if (std::ranges::any_of(receipts, Contradicts, &AuditedReceipt::verdict)) {
    return AuditConclusion::kContradicted;
  }
  const bool all_valid = std::ranges::all_of(
      receipts, [](Verdict verdict) { return verdict == Verdict::kValid; },
      &AuditedReceipt::verdict);
  return all_valid && !receipts.empty() ? AuditConclusion::kConfirmed
                                        : AuditConclusion::kInconclusive;
}

bool IsSubjectName(std::string_view name) {
  constexpr std::size_t kMaxBytes = 255;
  return !name.empty() && name.size() <= kMaxBytes && name.find('/') == std::string_view::npos &&
         Sentence(name, kMaxBytes) == name;
}

Result<std::string> SerializeAuditStatement(const AuditStatement& statement) {
  PLASM_TRY_VOID(Check(statement.receipts));
  JsonWriter json(JsonStyle::kCompact);
  json.BeginObject().Field("_type", kStatementType).Key("subject").BeginArray();
  for (const AuditedReceipt& receipt : statement.receipts) {
    json.BeginObject().Field("name", receipt.name).Key("digest").BeginObject();
    json.Field("sha256", receipt.pae_digest.ToHex()).EndObject().EndObject();
  }
  json.EndArray().Field("predicateType", kAuditPredicateType).Key("predicate").BeginObject();
  json.Field("auditor", statement.auditor).Field("time", statement.time.ToString());
  json.Key("engine").BeginObject();
  json.Field("engine", statement.runtime.engine).Field("version", statement.runtime.version);
  json.Field("configuration", statement.runtime.configuration.ToHex());
  json.Field("target", statement.runtime.target).EndObject();
  json.Key("receipts").BeginArray();
  for (const AuditedReceipt& receipt : statement.receipts) {
    json.BeginObject().Field("receipt", receipt.pae_digest.ToHex());
    json.Field("verdict", VerdictName(receipt.verdict));
    if (receipt.verdict == Verdict::kReplayDiffers && !receipt.reason.empty()) {
      json.Field("difference", Sentence(receipt.reason, kMaxDifferenceBytes));
    }
    json.EndObject();
  }
  json.EndArray();
  json.Field("conclusion", AuditConclusionName(ConclusionOf(statement.receipts)));
  json.EndObject().EndObject();
  return std::move(json).Take();
}

}  // namespace plasm::receipt
