#include "node/node_log.h"

#include <gtest/gtest.h>

#include <optional>

#include "base/testing/fixed_clock.h"
#include "base/testing/temp_folder.h"
#include "receipt/testing/examples.h"

namespace plasm::node {
namespace {

constexpr const char* kOrigin = "plasm.invalid/log";

class NodeLogTest : public ::testing::Test {
 protected:
  Result<NodeLog> Open(IfMissing if_missing, Clock& clock) {
    return NodeLog::Open(folder_ / "data/log", kOrigin, key_, if_missing, clock);
  }

  plasm::testing::TempFolder folder_;
  plasm::testing::FixedClock clock_;
  const crypto::SigningKey key_ = receipt::testing::ExampleKey(1);
};

TEST_F(NodeLogTest, AMissingLogIsRefusedOrMade) {
  EXPECT_EQ(Open(IfMissing::kRefuse, clock_).error().code, ErrorCode::kNotFound);
  const auto made = Open(IfMissing::kCreate, clock_);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->size(), 0u);
}

TEST_F(NodeLogTest, AnotherKeyOrOriginDoesNotGoOnWithALog) {
  ASSERT_TRUE(Open(IfMissing::kCreate, clock_));
  const auto other = receipt::testing::ExampleKey(2);
  EXPECT_FALSE(NodeLog::Open(folder_ / "data/log", kOrigin, other, IfMissing::kCreate, clock_));
  EXPECT_FALSE(
      NodeLog::Open(folder_ / "data/log", "other.invalid", key_, IfMissing::kCreate, clock_));
}

// Gives the log free after so many sleeps.
class PatientClock final : public Clock {
 public:
  PatientClock(std::optional<NodeLog>& held, int sleeps) : held_(held), sleeps_(sleeps) {}
  std::uint64_t RealtimeNs() noexcept override { return now_; }
  std::uint64_t MonotonicNs() noexcept override { return now_; }
  void SleepNs(std::uint64_t duration) noexcept override {
    now_ += duration;
    if (--sleeps_ == 0) held_.reset();
  }

 private:
  std::optional<NodeLog>& held_;
  int sleeps_;
  std::uint64_t now_ = 0;
};

TEST_F(NodeLogTest, WaitsForWhoeverHasTheLog) {
  std::optional<NodeLog> held = *Open(IfMissing::kCreate, clock_);
  PatientClock clock(held, 3);
  const auto log = Open(IfMissing::kRefuse, clock);
  EXPECT_TRUE(log) << log.error().message;
  EXPECT_FALSE(held);
}

TEST_F(NodeLogTest, GivesUpAfterHalfAMinute) {
  const auto held = Open(IfMissing::kCreate, clock_);
  ASSERT_TRUE(held);
  const auto log = Open(IfMissing::kRefuse, clock_);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, ErrorCode::kUnavailable);
  EXPECT_GE(clock_.slept_ns, 30'000'000'000u);
  EXPECT_LE(clock_.slept_ns, 31'000'000'000u);
}

}  // namespace
}  // namespace plasm::node
