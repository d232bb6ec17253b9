#include "api/job_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace plasm::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::uint64_t kNow = 1'764'000'000'000'000'000;

store::JobSummary Queued() {
  store::JobSummary job;
  job.seq = 1;
  job.id = "job-1b4e28ba-2fa1-41d2-883f-0016d3cca427";
  job.client = "uid:1000";
  job.submitted_ns = kNow;
  return job;
}

std::string Zeros() { return std::string(64, '0'); }
Bytes ToBytes(std::string_view text) {
  const ByteView view = AsBytes(text);
  return {view.begin(), view.end()};
}

store::JobSummary Exited() {
  store::JobSummary job = Queued();
  job.idempotency_key = "k";
  job.started_ns = kNow + 1'000'000;
  job.attempts = 1;
  job.cancel_requested = true;
  job.state = store::JobState::kExited;
  job.end = store::JobEnd{.state = store::JobState::kExited,
                          .ended_ns = kNow + 2'000'000,
                          .exit_code = 0,
                          .trap = {},
                          .fuel_used = 4482,
                          .message = {},
                          .result_digest = Sha256Digest{},
                          .log = {}};
  return job;
}

TEST(JobJsonTest, AQueuedJobHasWhatIsKnownOfIt) {
  EXPECT_EQ(JobJson(Queued()),
            R"({"id":"job-1b4e28ba-2fa1-41d2-883f-0016d3cca427","state":"queued",)"
            R"("client":"uid:1000","manifest":")" +
                Zeros() + R"(","submitted":"2025-11-24T16:00:00.000Z","attempts":0})");
}

TEST(JobJsonTest, AnEndedJobHasItsResults) {
  store::JobResults results;
  results.standard_output = {.bytes = 3, .digest = {}, .contents = ToBytes("abc")};
  results.kept_files.push_back({.guest_path = "\xff", .digest = {}, .bytes = 9});
  EXPECT_EQ(JobJson(Exited(), {.results = &results}),
            R"({"id":"job-1b4e28ba-2fa1-41d2-883f-0016d3cca427","state":"exited",)"
            R"("client":"uid:1000","manifest":")" +
                Zeros() +
                R"(","idempotencyKey":"k","submitted":"2025-11-24T16:00:00.000Z",)"
                R"("started":"2025-11-24T16:00:00.001Z","attempts":1,"cancelRequested":true,)"
                R"("ended":"2025-11-24T16:00:00.002Z","exitCode":0,"fuelUsed":"4482",)"
                R"("resultDigest":")" +
                Zeros() + R"(","stdout":{"sha256":")" + Zeros() +
                R"(","size":"3"},"stderr":{"sha256":")" + Zeros() +
                R"(","size":"0"},"outputs":[{"path":{"base64":"/w=="},"sha256":")" + Zeros() +
                R"(","size":"9"}]})");
}

TEST(JobJsonTest, OutputReceiptAndProofComeWhenTheyAreWanted) {
  store::JobResults results;
  results.standard_output = {.bytes = 3, .digest = {}, .contents = ToBytes("a\"c")};
  results.standard_error = {.bytes = 1, .digest = {}, .contents = ToBytes("\xff")};
  const std::string text = JobJson(
      Exited(),
      {.results = &results, .output = true, .receipt = R"({"payload":"x"})", .proof = "line\n"});
  EXPECT_THAT(text, HasSubstr(R"("stdoutBytes":"a\"c","stderrBytes":{"base64":"/w=="},)"
                              R"("receipt":{"payload":"x"},"proof":"line\n"})"));
  EXPECT_THAT(JobJson(Exited(), {.results = &results}), Not(HasSubstr("stdoutBytes")));
}

TEST(JobJsonTest, OutputThatIsNotAtHandIsLeftOut) {
  store::JobResults results;
  results.standard_output = {.bytes = 70'000, .digest = {}, .contents = {}};
  const std::string text = JobJson(Exited(), {.results = &results, .output = true});
  EXPECT_THAT(text, Not(HasSubstr("stdoutBytes")));
  EXPECT_THAT(text, HasSubstr(R"("stderrBytes":"")"));
}

TEST(JobJsonTest, PagesSayWhereTheyGoOn) {
  store::JobPage page;
  EXPECT_EQ(JobPageJson(page), R"({"jobs":[]})");
  page.jobs = {Queued(), Queued()};
  page.next = store::JobCursor{7};
  const std::string text = JobPageJson(page);
  EXPECT_THAT(text, HasSubstr("},{"));
  EXPECT_THAT(text, HasSubstr("],\"next\":\"" + store::JobCursor{7}.ToText() + "\"}"));
}

TEST(JobJsonTest, EventsAndProblemsHaveTheirForms) {
  EXPECT_EQ(StateEventJson(store::JobState::kRunning), R"({"state":"running"})");
  EXPECT_EQ(OutputEventJson(5, AsBytes("ab")), R"({"offset":"5","base64":"YWI="})");
  const Sha256Digest digest{};
  EXPECT_THAT(MissingBlobsJson({&digest, 1}),
              HasSubstr(R"("code":"conflict","missing":[")" + Zeros() + R"("]})"));
}

TEST(JobJsonTest, TheStatusSaysTheLimitsInDecimals) {
  const std::string text = NodeStatusJson({.version = "0.1.0",
                                           .engine = "e",
                                           .arch = "x86_64",
                                           .profiles = {"live"},
                                           .cores = 2,
                                           .queued = 1,
                                           .running = 3,
                                           .draining = true,
                                           .most = {}});
  EXPECT_THAT(text, HasSubstr(R"("profiles":["live"],"cores":2,"queued":1,"running":3,)"
                              R"("draining":true,"limits":{"memoryBytes":"4294967296",)"));
}

}  // namespace
}  // namespace plasm::api
