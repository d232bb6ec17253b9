#include "tlog/checkpoint.h"

#include <algorithm>

#include "base/base64.h"
#include "base/decimal.h"
#include "base/quote.h"

namespace plasm::tlog {
namespace {

Error Invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

}  // namespace

std::string Checkpoint::Text() const {
  std::string text =
      origin + "\n" + std::to_string(head.size) + "\n" + EncodeBase64(head.root.bytes) + "\n";
  for (const std::string& line : extensions) text += line + "\n";
  return text;
}

Result<Checkpoint> Checkpoint::FromText(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return Invalid("checkpoint: the last line has no line feed");
    if (end == 0) return Invalid("checkpoint: has an empty line");
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  if (lines.size() < 3) {
    return Invalid("checkpoint: found " + std::to_string(lines.size()) +
                   " lines, expected origin, size and root");
  }
  Checkpoint checkpoint;
  checkpoint.origin = lines[0];
  const auto size = ParseDecimal(lines[1]);
  if (!size || *size > kMaxTreeSize) {
    return Invalid("checkpoint size: found " + Quote(lines[1]) +
                   ", expected a decimal of at most 2^63 - 1");
  }
  checkpoint.head.size = *size;
  const auto root = DecodeBase64(lines[2]);
  if (!root || root->size() != Hash::kSize) {
    return Invalid("checkpoint root: found " + Quote(lines[2]) + ", expected 32 bytes in base64");
  }
  std::ranges::copy(*root, checkpoint.head.root.bytes.begin());
  checkpoint.extensions.assign(lines.begin() + 3, lines.end());
  return checkpoint;
}

Result<SignedCheckpoint> SignedCheckpoint::Parse(ByteView bytes) {
  SignedCheckpoint parsed;
  PLASM_TRY(parsed.note, ParseNote(bytes));
  PLASM_TRY(parsed.checkpoint, Checkpoint::FromText(parsed.note.text));
  return parsed;
}

SignedCheckpoint SignCheckpoint(Checkpoint checkpoint, const crypto::SigningKey& log_key) {
  SignedCheckpoint made;
  made.note.text = checkpoint.Text();
  made.note.signatures.push_back(SignNote(made.note.text, checkpoint.origin, log_key));
  made.checkpoint = std::move(checkpoint);
  return made;
}

VerifierKey LogVerifierKey(std::string origin, const crypto::PublicKey& log_key) {
  return {std::move(origin), SignatureType::kEd25519, log_key};
}

}  // namespace plasm::tlog
