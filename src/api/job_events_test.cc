#include "api/job_events.h"

#include <gtest/gtest.h>

namespace plasm::api {
namespace {

store::JobRecord Ended(std::uint32_t attempts, receipt::Profile profile) {
  receipt::Manifest manifest;
  manifest.profile = profile;
  manifest.args = {"x"};
  manifest.stdin_name.sha256 = Sha256Of({});
  store::JobRecord record;
  record.summary.attempts = attempts;
  record.results.standard_output.bytes = 10;
  record.results.standard_error.bytes = 5;
  const std::string text = receipt::SerializeManifest(manifest);
  record.manifest.assign(AsBytes(text).begin(), AsBytes(text).end());
  return record;
}

TEST(ResumptionAfterEndTest, GoesOnInOutputThatIsTheSame) {
  const EventPosition reader{.attempt = 1, .stdout_bytes = 10, .stderr_bytes = 5};
  EXPECT_EQ(ResumptionAfterEnd(reader, Ended(1, receipt::Profile::kDet1)), Resumption::kGoesOn);
  EXPECT_EQ(ResumptionAfterEnd(reader, Ended(1, receipt::Profile::kLive)), Resumption::kGoesOn);
  EXPECT_EQ(ResumptionAfterEnd(reader, Ended(2, receipt::Profile::kDet1)), Resumption::kGoesOn);
}

TEST(ResumptionAfterEndTest, StartsOverWhereItMayBeAnother) {
  EventPosition reader{.attempt = 1, .stdout_bytes = 1, .stderr_bytes = 1};
  EXPECT_EQ(ResumptionAfterEnd(reader, Ended(2, receipt::Profile::kLive)), Resumption::kStartsOver);
  reader.stdout_bytes = 11;
  EXPECT_EQ(ResumptionAfterEnd(reader, Ended(1, receipt::Profile::kDet1)), Resumption::kStartsOver);
  reader = {.attempt = 1, .stdout_bytes = 0, .stderr_bytes = 6};
  EXPECT_EQ(ResumptionAfterEnd(reader, Ended(1, receipt::Profile::kDet1)), Resumption::kStartsOver);
}

}  // namespace
}  // namespace plasm::api
