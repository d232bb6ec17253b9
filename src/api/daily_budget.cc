#include "api/daily_budget.h"

namespace plasm::api {

std::uint64_t DailyBudget::Left(const std::string& client, std::uint64_t limit,
                                std::uint64_t now_ns) {
  Advance(now_ns);
  const auto taken = taken_.find(client);
  if (taken == taken_.end()) return limit;
  return taken->second >= limit ? 0 : limit - taken->second;
}

void DailyBudget::Take(const std::string& client, std::uint64_t amount, std::uint64_t now_ns) {
  Advance(now_ns);
  taken_[client] += amount;
}

void DailyBudget::Advance(std::uint64_t now_ns) {
  constexpr std::uint64_t kDayNs = 86'400'000'000'000;
  const std::uint64_t day = now_ns / kDayNs;
  if (day <= day_) return;
  day_ = day;
  taken_.clear();
}

}  // namespace plasm::api
