#include "tlog/hash_lines.h"

#include <algorithm>

#include "base/base64.h"
#include "base/quote.h"

namespace plasm::tlog {

std::optional<std::string_view> TakeLine(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

Result<std::vector<Hash>> TakeHashLines(std::string_view& rest, std::string_view what) {
  std::vector<Hash> hashes;
  while (true) {
    const auto line = TakeLine(rest);
    if (!line) {
      return Error{ErrorCode::kInvalid,
                   std::string(what) + ": expected an empty line after the hashes"};
    }
    if (line->empty()) return hashes;
    if (hashes.size() == kMaxProofHashes) {
      return Error{ErrorCode::kLimitExceeded, std::string(what) + ": more than 63 hashes"};
    }
    const auto hash = DecodeBase64(*line);
    if (!hash || hash->size() != Hash::kSize) {
      return Error{ErrorCode::kInvalid, std::string(what) + ": found " + Quote(*line) +
                                            ", expected a hash of 32 bytes in base64"};
    }
    std::ranges::copy(*hash, hashes.emplace_back().bytes.begin());
  }
}

std::string HashLines(std::span<const Hash> hashes) {
  std::string lines;
  lines.reserve(hashes.size() * kHashLineBytes);
  AppendHashLines(lines, hashes);
  return lines;
}

void AppendHashLines(std::string& text, std::span<const Hash> hashes) {
  for (const Hash& hash : hashes) {
    AppendBase64(text, hash.bytes);
    text += '\n';
  }
}

}  // namespace plasm::tlog
