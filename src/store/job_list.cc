#include "store/job_list.h"

#include "base/decimal.h"
#include "base/quote.h"

namespace plasm::store {
namespace {

constexpr std::string_view kPrefix = "before-";

}  // namespace

std::string JobCursor::ToText() const { return std::string(kPrefix) + std::to_string(before_seq); }

Result<JobCursor> JobCursor::Parse(std::string_view text) {
  if (text.starts_with(kPrefix)) {
    const auto seq = ParseDecimal(text.substr(kPrefix.size()));
    if (seq && *seq > 0 && *seq <= INT64_MAX) return JobCursor{*seq};
  }
  return Error{ErrorCode::kInvalid,
               "cursor: found " + Quote(text) + ", expected one that a list of jobs gave"};
}

}  // namespace plasm::store
