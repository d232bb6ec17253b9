#include "receipt/job_id.h"

#include "base/uuid.h"

namespace plasm::receipt {
namespace {

constexpr std::string_view kPrefix = "job-";

}  // namespace

std::string RandomJobId(Entropy& entropy) { return std::string(kPrefix) + RandomUuid(entropy); }

bool IsJobId(std::string_view text) {
  return text.starts_with(kPrefix) && IsUuid(text.substr(kPrefix.size()));
}

}  // namespace plasm::receipt
