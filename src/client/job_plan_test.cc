#include "client/job_plan.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/file.h"
#include "base/testing/fixed_entropy.h"
#include "base/testing/temp_folder.h"

namespace plasm::client {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kNow = 1'764'000'000'123'456'789;
const std::string kModule = "the module's bytes";

class JobPlanTest : public ::testing::Test {
 protected:
  Result<JobPlan> Plan(const execution::JobOrder& order, int stdin_fd = -1) {
    return PlanJob(order, AsBytes(kModule), stdin_fd, store_, kNow, entropy_);
  }
  UniqueFd File(const std::string& name, const std::string& contents) {
    EXPECT_TRUE(WriteFileAtomically(folder_ / name, AsBytes(contents)));
    return UniqueFd(open((folder_ / name).c_str(), O_RDONLY | O_CLOEXEC));
  }
  static execution::JobOrder Order() {
    execution::JobOrder order;
    order.args = {"m.wasm", "x"};
    return order;
  }

  testing::TempFolder folder_;
  BlobStore store_{folder_ / "blobs"};
  testing::FixedEntropy entropy_;
};

TEST_F(JobPlanTest, FillsTheGaps) {
  const auto plan = Plan(Order());
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->manifest.start_time_ns, 1'764'000'000'000'000'000u);  // to the second
  EXPECT_EQ(plan->manifest.nonce, "000102030405060708090a0b0c0d0e0f");
  EXPECT_EQ(plan->manifest.seed, receipt::DefaultSeed(plan->manifest).bytes);
  EXPECT_EQ(*receipt::ParseManifest(AsBytes(plan->text)), plan->manifest);
  EXPECT_EQ(plan->blobs, std::set<Sha256Digest>{Sha256Of(AsBytes(kModule))});
  EXPECT_TRUE(store_.Has(Sha256Of(AsBytes(kModule))));
}

TEST_F(JobPlanTest, NamesEveryBlobOfAFolder) {
  std::filesystem::create_directories(folder_ / "in/sub");
  std::filesystem::create_directories(folder_ / "in/empty");
  File("in/a", "first");
  File("in/sub/b", "second");
  execution::JobOrder order = Order();
  order.inputs = {{folder_ / "in", "/work"}};
  const auto plan = Plan(order);
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_EQ(plan->manifest.inputs.size(), 1u);
  const receipt::InputTree& tree = plan->manifest.inputs.front();
  EXPECT_EQ(plan->blobs,
            (std::set<Sha256Digest>{Sha256Of(AsBytes(kModule)), tree.tree, *tree.layout,
                                    Sha256Of(AsBytes("first")), Sha256Of(AsBytes("second"))}));
  for (const Sha256Digest& digest : plan->blobs) EXPECT_TRUE(store_.Has(digest));
}

TEST_F(JobPlanTest, ShortInputStandsInTheManifest) {
  const auto plan = Plan(Order(), File("stdin", "a line\n").get());
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(AsText(*plan->manifest.stdin_name.inline_bytes), "a line\n");
  EXPECT_EQ(plan->blobs.size(), 1u);
}

TEST_F(JobPlanTest, LongInputIsABlob) {
  const std::string most(receipt::kMaxInlineStdinBytes, 'x');
  EXPECT_TRUE(Plan(Order(), File("most", most).get())->manifest.stdin_name.inline_bytes);
  const auto plan = Plan(Order(), File("more", most + "y").get());
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_FALSE(plan->manifest.stdin_name.inline_bytes);
  EXPECT_EQ(plan->manifest.stdin_name.size, most.size() + 1);
  EXPECT_EQ(plan->manifest.stdin_name.sha256, Sha256Of(AsBytes(most + "y")));
  EXPECT_TRUE(plan->blobs.contains(plan->manifest.stdin_name.sha256));
}

TEST_F(JobPlanTest, TheSameRequestAgainHasTheSameBytes) {
  const auto first = Plan(Order());
  ASSERT_TRUE(first);
  const auto other = PlanJob(Order(), AsBytes(kModule), -1, store_, kNow + 5'000'000'000, entropy_);
  EXPECT_NE(other->text, first->text);
  const auto again = PlanJob(AsBefore(Order(), first->manifest), AsBytes(kModule), -1, store_,
                             kNow + 5'000'000'000, entropy_);
  EXPECT_EQ(again->text, first->text);
  execution::JobOrder changed = Order();
  changed.args.push_back("y");
  EXPECT_NE(
      PlanJob(AsBefore(changed, first->manifest), AsBytes(kModule), -1, store_, kNow, entropy_)
          ->text,
      first->text);
}

TEST_F(JobPlanTest, RefusesWhatNoManifestCanHold) {
  execution::JobOrder order = Order();
  order.outputs = {""};
  EXPECT_THAT(Plan(order).error().message, HasSubstr("the job's manifest"));
  order = Order();
  order.args.emplace_back(receipt::kMaxManifestBytes, 'x');
  EXPECT_EQ(Plan(order).error().code, ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace plasm::client
