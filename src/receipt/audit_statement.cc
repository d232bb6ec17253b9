#include "receipt/audit_statement.h"

#include <algorithm>

#include "base/json_writer.h"
#include "base/utf8.h"

namespace plasm::receipt {
namespace {

bool Contradicts(Verdict verdict) {
  return verdict == Verdict::kReplayDiffers || verdict == Verdict::kInconsistent;
}

constexpr std::size_t kMaxNameBytes = 255;
constexpr std::size_t kMaxDifferenceBytes = 1024;

// As many bytes as a reader takes, and no code point cut in two.
std::string_view Start(std::string_view text) {
  if (text.size() <= kMaxDifferenceBytes) return text;
  std::size_t end = kMaxDifferenceBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

// U+0000 to U+001F and U+007F to U+009F, in text that is UTF-8.
bool HasControlCharacter(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

}  // namespace

bool IsAuditedName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes && IsValidUtf8(AsBytes(name)) &&
         name.find('/') == std::string_view::npos && !HasControlCharacter(name);
}

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
    if (receipt.verdict == Verdict::kReplayDiffers && !receipt.reason.empty()) {
      json.Field("difference", Start(receipt.reason));
    }
    json.EndObject();
  }
  json.EndArray();
  json.Field("conclusion", AuditConclusionName(ConclusionOf(statement.receipts)));
  json.EndObject().EndObject();
  return std::move(json).Take();
}

}  // namespace plasm::receipt
