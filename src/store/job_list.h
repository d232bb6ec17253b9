// What a list of jobs asks for and gives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/job_record.h"
#include "store/job_state.h"

namespace plasm::store {

inline constexpr std::size_t kMaxListed = 1000;  // jobs of one page

struct JobFilter {
  std::optional<std::string> client{};
  std::vector<JobState> states{};  // any when empty
};

// Where a list goes on. Its text is for those who hand it back unread.
struct JobCursor {
  std::uint64_t before_seq = 0;

  std::string ToText() const;
  // kInvalid unless it is a text that ToText gives.
  static Result<JobCursor> Parse(std::string_view text);
};

struct JobPage {
  std::vector<JobSummary> jobs;
  std::optional<JobCursor> next;  // nothing: this was the end
};

}  // namespace plasm::store
