// Lines of text with a hash each, as proofs have them. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tlog/merkle.h"

namespace plasm::tlog {

// The next line without its line feed, taken off `rest`; nothing when there is no line feed.
std::optional<std::string_view> TakeLine(std::string_view& rest);

// Hashes in base64, one a line, up to an empty line, which is taken too. kInvalid for anything
// else, kLimitExceeded beyond kMaxProofHashes. `what` stands in errors.
Result<std::vector<Hash>> TakeHashLines(std::string_view& rest, std::string_view what);

// The same lines, without the empty one.
std::string HashLines(std::span<const Hash> hashes);
void AppendHashLines(std::string& text, std::span<const Hash> hashes);

inline constexpr std::size_t kHashLineBytes = (Hash::kSize + 2) / 3 * 4 + 1;

}  // namespace plasm::tlog
