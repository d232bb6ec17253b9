#include "receipt/audit_statement.h"

#include <algorithm>

#include "base/json_writer.h"
#include "base/utf8.h"

namespace plasm::receipt {
namespace {

bool Contradicts(Verdict verdict) {
  return verdict == Verdict::kReplayDiffers || verdict == Verdict::kInconsistent;
}

constexpr std::size_t kMaxDifferenceBytes = 1024;

// As section 3 wants it: whole characters, none of them a control character.
std::string Stated(const std::string& difference) {
  std::string text = ToUtf8Lossy(AsBytes(difference.substr(0, kMaxDifferenceBytes / 3)));
  std::ranges::replace_if(
      text, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }, ' ');
  return text;
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

std::string SerializeAuditStatement(const AuditStatement& statement) {
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
    if (receipt.verdict == Verdict::kReplayDiffers && !receipt.difference.empty()) {
      json.Field("difference", Stated(receipt.difference));
    }
    json.EndObject();
  }
  json.EndArray();
  json.Field("conclusion", AuditConclusionName(ConclusionOf(statement.receipts)));
  json.EndObject().EndObject();
  return std::move(json).Take();
}

}  // namespace plasm::receipt
