#include "tlog/proof_file.h"

#include "base/base64.h"
#include "base/decimal.h"
#include "base/quote.h"
#include "tlog/hash_lines.h"

namespace plasm::tlog {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";
constexpr std::size_t kMaxDigits = 20;

Error Invalid(std::string message) {
  return {ErrorCode::kInvalid, "log proof: " + std::move(message)};
}

}  // namespace

Result<ProofFile> ProofFile::Parse(ByteView bytes) {
  if (bytes.size() > kMaxProofFileBytes) {
    return Error{ErrorCode::kLimitExceeded, "log proof: larger than 64 KiB"};
  }
  std::string_view rest = AsText(bytes);
  if (TakeLine(rest) != kFirstLine) {
    return Invalid("expected \"" + std::string(kFirstLine) + "\" as its first line");
  }
  ProofFile parsed;
  auto line = TakeLine(rest);
  if (line && line->starts_with(kExtra)) {
    auto extra = DecodeBase64(line->substr(kExtra.size()));
    if (!extra || extra->empty()) return Invalid("extra: expected base64 of something");
    parsed.extra = *std::move(extra);
    line = TakeLine(rest);
  }
  if (!line || !line->starts_with(kIndex)) return Invalid("expected a line with the index");
  const auto index = ParseDecimal(line->substr(kIndex.size()));
  if (!index) return Invalid("index: found " + Quote(*line) + ", expected a decimal");
  parsed.index = *index;
  PLASM_TRY(parsed.hashes, TakeHashLines(rest, "log proof"));
  PLASM_TRY(parsed.checkpoint, SignedCheckpoint::Parse(AsBytes(rest)));
  return parsed;
}

std::string ProofFile::Serialize() const {
  return ProofFileText(extra, index, hashes, checkpoint.Serialize());
}

std::string ProofFileText(ByteView extra, std::uint64_t index, std::span<const Hash> hashes,
                          std::string_view checkpoint) {
  std::string text;
  text.reserve(kFirstLine.size() + kExtra.size() + 2 * extra.size() + kIndex.size() + kMaxDigits +
               hashes.size() * kHashLineBytes + checkpoint.size() + 8);
  text.append(kFirstLine) += '\n';
  if (!extra.empty()) text.append(kExtra).append(EncodeBase64(extra)) += '\n';
  text.append(kIndex).append(std::to_string(index)) += '\n';
  AppendHashLines(text, hashes);
  text += '\n';
  text += checkpoint;
  return text;
}

}  // namespace plasm::tlog
