#include "api/daily_budget.h"

#include <gtest/gtest.h>

namespace plasm::api {
namespace {

constexpr std::uint64_t kDay = 86'400'000'000'000;

TEST(DailyBudgetTest, IsEachClientsOwnAndBeginsAnewEveryDay) {
  DailyBudget budget;
  EXPECT_EQ(budget.Left("a", 100, kDay), 100u);
  budget.Take("a", 70, kDay);
  EXPECT_EQ(budget.Left("a", 100, kDay + 1), 30u);
  EXPECT_EQ(budget.Left("b", 100, kDay + 1), 100u);
  budget.Take("a", 50, 2 * kDay - 1);
  EXPECT_EQ(budget.Left("a", 100, 2 * kDay - 1), 0u);
  EXPECT_EQ(budget.Left("a", 100, 2 * kDay), 100u);
}

TEST(DailyBudgetTest, AClockThatIsSetBackGivesNothingBack) {
  DailyBudget budget;
  budget.Take("a", 100, 5 * kDay);
  EXPECT_EQ(budget.Left("a", 100, 3 * kDay), 0u);
}

}  // namespace
}  // namespace plasm::api
