#include "jobs/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace plasm::jobs {
namespace {

using ::testing::HasSubstr;

const UtcTime kNow = UtcTime::FromNanoseconds(1'700'000'000'000'000'000);
const Offering kOffering{.arch = "x86_64", .labels = {{"disk", "ssd"}}, .most = {}};
const Client kClient{.name = "SHA256:alice"};

receipt::Manifest Wanted() {
  receipt::Manifest manifest;
  manifest.args = {"hello.wasm"};
  manifest.stdin_name.sha256 = Sha256Of({});
  manifest.limits = {.memory_bytes = 1 << 20,
                     .fuel = 1000,
                     .output_bytes = 1000,
                     .file_bytes = 0,
                     .file_nodes = 1,
                     .wall_time_ms = 1000};
  return manifest;
}

Error ErrorOf(const receipt::Manifest& manifest, const Client& client = kClient) {
  const auto admitted =
      Admit(AsBytes(receipt::SerializeManifest(manifest)), client, kOffering, kNow);
  return admitted ? Error{ErrorCode::kInternal, "admitted"} : admitted.error();
}

TEST(AdmissionTest, AJobWithinTheLimitsIsAdmitted) {
  const auto admitted =
      Admit(AsBytes(receipt::SerializeManifest(Wanted())), kClient, kOffering, kNow);
  ASSERT_TRUE(admitted) << admitted.error().message;
  EXPECT_EQ(*admitted, Wanted());
}

TEST(AdmissionTest, ALimitBeyondTheOperatorsIsNamed) {
  receipt::Manifest manifest = Wanted();
  manifest.limits.memory_bytes = std::uint64_t{5} << 30;
  Error error = ErrorOf(manifest);
  EXPECT_EQ(error.code, ErrorCode::kLimitExceeded);
  EXPECT_THAT(error.message, HasSubstr("limits.memoryBytes: the job asks for 5368709120, this "
                                       "node gives at most 4294967296"));
  manifest = Wanted();
  manifest.limits.output_bytes = UINT64_MAX;
  EXPECT_THAT(ErrorOf(manifest).message, HasSubstr("limits.outputBytes"));
  manifest = Wanted();
  manifest.limits.wall_time_ms = 0;
  EXPECT_EQ(ErrorOf(manifest).code, ErrorCode::kLimitExceeded);
  manifest.limits.wall_time_ms = 3'600'001;
  EXPECT_THAT(ErrorOf(manifest).message, HasSubstr("limits.wallTimeMs"));
}

TEST(AdmissionTest, TheProfileLiveIsForThoseWhoMay) {
  receipt::Manifest manifest = Wanted();
  manifest.profile = receipt::Profile::kLive;
  EXPECT_EQ(ErrorOf(manifest).message, "admitted");
  EXPECT_EQ(ErrorOf(manifest, {.name = "SHA256:alice", .may_run_live = false}).code,
            ErrorCode::kDenied);
}

TEST(AdmissionTest, NobodyAsksInAnothersName) {
  const std::string other = "SHA256:" + std::string(43, 'A');
  receipt::Manifest manifest = Wanted();
  manifest.requester = other;
  EXPECT_EQ(ErrorOf(manifest).code, ErrorCode::kDenied);
  EXPECT_EQ(ErrorOf(manifest, {.name = other}).message, "admitted");
}

TEST(AdmissionTest, AJobForAnotherPlaceIsRefused) {
  receipt::Manifest manifest = Wanted();
  manifest.placement = receipt::Placement{.arch = "aarch64", .labels = {}};
  EXPECT_THAT(ErrorOf(manifest).message, HasSubstr("this node is x86_64"));
  manifest.placement = receipt::Placement{.arch = "x86_64", .labels = {{"disk", "ssd"}}};
  EXPECT_EQ(ErrorOf(manifest).message, "admitted");
  manifest.placement->labels = {{"disk", "tape"}};
  EXPECT_EQ(ErrorOf(manifest).code, ErrorCode::kConflict);
}

TEST(AdmissionTest, AJobThatIsTooLateIsRefused) {
  receipt::Manifest manifest = Wanted();
  manifest.not_after = kNow;
  EXPECT_EQ(ErrorOf(manifest).message, "admitted");
  manifest.not_after = UtcTime::FromNanoseconds(1'699'999'999'999'000'000);
  EXPECT_EQ(ErrorOf(manifest).code, ErrorCode::kConflict);
}

TEST(AdmissionTest, NamesAreTakenStrictly) {
  EXPECT_TRUE(IsJobId("job-0a0b0c0d-0000-4000-8000-000000000000"));
  EXPECT_FALSE(IsJobId("job-0A0b0c0d-0000-4000-8000-000000000000"));
  EXPECT_FALSE(IsJobId("0a0b0c0d-0000-4000-8000-000000000000"));
  EXPECT_TRUE(IsIdempotencyKey("a!~"));
  EXPECT_FALSE(IsIdempotencyKey(""));
  EXPECT_FALSE(IsIdempotencyKey("a b"));
  EXPECT_FALSE(IsIdempotencyKey("\xc3\xa9"));
  EXPECT_FALSE(IsIdempotencyKey(std::string(129, 'a')));
}

}  // namespace
}  // namespace plasm::jobs
