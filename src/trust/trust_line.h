// One line of the trust file (spec/trust.md section 5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "trust/trust_file.h"

namespace plasm::trust {

// Nothing for a line that has blanks and a comment at most. kInvalid otherwise; the message
// names the field.
Result<std::optional<TrustedNode>> ParseTrustLine(std::string_view line);

// The node as a line, without a comment. Parsed again it is the same node, provided that
// CheckTrustedNode holds.
std::string WriteTrustLine(const TrustedNode& node);

// kInvalid unless the node can stand in a file.
Result<void> CheckTrustedNode(const TrustedNode& node);

}  // namespace plasm::trust
