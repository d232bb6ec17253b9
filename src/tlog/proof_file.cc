#include "tlog/proof_file.h"

#include <algorithm>
#include <optional>

#include "base/base64.h"
#include "base/decimal.h"
#include "base/quote.h"

namespace plasm::tlog {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

Error Invalid(std::string message) {
  return {ErrorCode::kInvalid, "log proof: " + std::move(message)};
}

// The next line without its line feed, taken off; nothing when there is no line feed.
std::optional<std::string_view> TakeLine(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
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
  while (true) {
    line = TakeLine(rest);
    if (!line) return Invalid("expected an empty line before the checkpoint");
    if (line->empty()) break;
    if (parsed.hashes.size() == kMaxProofHashes) {
      return Error{ErrorCode::kLimitExceeded, "log proof: more than 63 hashes"};
    }
    const auto hash = DecodeBase64(*line);
    if (!hash || hash->size() != Hash::kSize) {
      return Invalid("found " + Quote(*line) + ", expected a hash of 32 bytes in base64");
    }
    std::ranges::copy(*hash, parsed.hashes.emplace_back().bytes.begin());
  }
  PLASM_TRY(parsed.checkpoint, SignedCheckpoint::Parse(AsBytes(rest)));
  return parsed;
}

std::string ProofFile::Serialize() const {
  std::string text(kFirstLine);
  text += '\n';
  if (!extra.empty()) text.append(kExtra).append(EncodeBase64(extra)) += '\n';
  text.append(kIndex).append(std::to_string(index)) += '\n';
  for (const Hash& hash : hashes) text.append(EncodeBase64(hash.bytes)) += '\n';
  text += '\n';
  return text + checkpoint.Serialize();
}

}  // namespace plasm::tlog
