#include "client/job_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/fixed_clock.h"
#include "base/testing/fixed_entropy.h"
#include "base/testing/temp_folder.h"

namespace plasm::client {
namespace {

class JobRequestTest : public ::testing::Test {
 protected:
  Result<JobPlan> Plan(const std::string& node, const std::string& key, const std::string& word) {
    execution::JobOrder order;
    order.args = {"hello.wasm", word};
    clock_.realtime_ns += 5'000'000'000;  // another start time unless the earlier one is taken
    return PlanRequest(data_, node, key, order, AsBytes("module"), -1, clock_, entropy_);
  }

  testing::TempFolder folder_;
  home::DataFolder data_ = *home::DataFolder::Locate(folder_.path());
  testing::FixedClock clock_;
  SystemEntropy entropy_;
};

TEST_F(JobRequestTest, TheSameRequestUnderOneKeyHasTheSameBytes) {
  EXPECT_EQ(Plan("a", "key", "x")->text, Plan("a", "key", "x")->text);
}

TEST_F(JobRequestTest, WithoutAKeyEachRequestIsItsOwn) {
  EXPECT_NE(Plan("a", "", "x")->text, Plan("a", "", "x")->text);
}

TEST_F(JobRequestTest, AKeyStandsForOneJobOnANode) {
  ASSERT_TRUE(Plan("a", "key", "x"));
  const auto refused = Plan("a", "key", "y");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_TRUE(Plan("b", "key", "y"));
}

TEST_F(JobRequestTest, AKeyIsVisibleAscii) {
  EXPECT_TRUE(CheckIdempotencyKey(std::string(128, '~')));
  for (const std::string& key : {std::string(), std::string(129, 'x'), std::string("a b"),
                                 std::string("a\n"), std::string("\xc3\xa4")}) {
    EXPECT_FALSE(CheckIdempotencyKey(key)) << key;
  }
  EXPECT_FALSE(Plan("a", "a b", "x"));
}

}  // namespace
}  // namespace plasm::client
