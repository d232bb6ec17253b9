// What several nodes answered to one job, as one document (spec/quorum.md section 4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace plasm::receipt {

inline constexpr std::string_view kQuorumType = "urn:plasm:quorum:v1";
inline constexpr std::size_t kMaxBundleBytes = std::size_t{64} << 20;
inline constexpr std::size_t kMaxAnswers = 64;

// Texts of the documents, exactly; whether they are any is another question.
struct Answer {
  std::string receipt;
  std::optional<std::string> proof{};

  friend bool operator==(const Answer&, const Answer&) = default;
};

struct QuorumBundle {
  std::uint32_t agree = 1;  // how many answers have to give the same result, 1 to kMaxAnswers
  std::string manifest;
  std::vector<Answer> answers;  // 1 to kMaxAnswers

  friend bool operator==(const QuorumBundle&, const QuorumBundle&) = default;
};

// Whether a document says that it is one. A reader then takes it for nothing else.
bool IsQuorumBundle(ByteView json);

// kInvalid, or kLimitExceeded beyond kMaxBundleBytes.
Result<QuorumBundle> ParseQuorumBundle(ByteView json);

// Texts are UTF-8, as all that ParseQuorumBundle gives. A line end behind it.
std::string SerializeQuorumBundle(const QuorumBundle& bundle);

// kInvalid unless 1 <= agree <= replicas <= kMaxAnswers and two results can't both be agreed on.
Result<void> CheckQuorum(std::uint32_t replicas, std::uint32_t agree);

}  // namespace plasm::receipt
