#include "client/job_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace plasm::client {
namespace {

using ::testing::HasSubstr;

const std::string kId = "job-1b4e28ba-2fa1-41d2-883f-0016d3cca427";

std::string JobText(const std::string& more = "", const std::string& state = "exited") {
  return R"({"id":")" + kId + R"(","state":")" + state + R"(","client":"uid:1000","manifest":")" +
         std::string(64, '0') + R"(","submitted":"2026-11-24T09:30:00Z","attempts":1)" + more + "}";
}

Result<JobDocument> Parse(const std::string& text) { return ParseJob(AsBytes(text)); }

TEST(JobDocumentTest, ReadsWhatANodeSays) {
  const std::string digest(64, 'b');
  const auto job = Parse(JobText(
      R"(,"started":"2026-11-24T09:30:01.250Z","ended":"2026-11-24T09:30:02Z","exitCode":7,)"
      R"("fuelUsed":"18446744073709551615","stdout":{"sha256":")" +
      digest + R"(","size":"13"},"outputs":[{"path":{"base64":"/w=="},"sha256":")" + digest +
      R"(","size":"4"}])"));
  ASSERT_TRUE(job) << job.error().message;
  EXPECT_EQ(job->id, kId);
  EXPECT_EQ(job->state, JobState::kExited);
  EXPECT_EQ(job->exit_code, 7u);
  EXPECT_EQ(job->fuel_used, UINT64_MAX);
  EXPECT_EQ(job->started->ToString(), "2026-11-24T09:30:01.250Z");
  EXPECT_EQ(job->stdout_contents->bytes, 13u);
  EXPECT_FALSE(job->stderr_contents);
  ASSERT_EQ(job->outputs.size(), 1u);
  EXPECT_EQ(job->outputs.front().path, "\xff");
}

TEST(JobDocumentTest, WhatIsWrittenIsReadAgain) {
  const auto job = Parse(JobText(R"(,"cancelRequested":true,"trap":"unreachable","message":"m")"));
  ASSERT_TRUE(job) << job.error().message;
  JsonWriter json(JsonStyle::kCompact);
  WriteJob(*job, json);
  const std::string text = std::move(json).Take();
  const auto again = Parse(text);
  ASSERT_TRUE(again) << again.error().message;
  JsonWriter second(JsonStyle::kCompact);
  WriteJob(*again, second);
  EXPECT_EQ(std::move(second).Take(), text);
  EXPECT_THAT(text, HasSubstr(R"("cancelRequested":true)"));
}

TEST(JobDocumentTest, ANewerNodeMaySayMore) { EXPECT_TRUE(Parse(JobText(R"(,"mood":"good")"))); }

TEST(JobDocumentTest, RefusesWhatTheApiDoesNotSay) {
  EXPECT_FALSE(Parse(""));
  EXPECT_FALSE(Parse("[]"));
  EXPECT_THAT(Parse(JobText("", "sleeping")).error().message, HasSubstr("sleeping"));
  EXPECT_THAT(Parse(JobText(R"(,"fuelUsed":4)")).error().message, HasSubstr("fuelUsed"));
  EXPECT_THAT(Parse(JobText(R"(,"exitCode":4294967296)")).error().message, HasSubstr("exitCode"));
  EXPECT_THAT(Parse(JobText(R"(,"ended":"yesterday")")).error().message, HasSubstr("ended"));
  std::string other = JobText();
  other.replace(other.find("job-"), 5, "job-X");
  EXPECT_THAT(Parse(other).error().message, HasSubstr("job-<uuid>"));
}

TEST(JobDocumentTest, TextIsOneLine) {
  const auto job = Parse(JobText(R"(,"message":"a\u001b[2J\nb")"));
  ASSERT_TRUE(job);
  EXPECT_EQ(*job->message, "a [2J b");
}

TEST(JobDocumentTest, EveryStateHasAName) {
  for (int i = 0; i <= static_cast<int>(JobState::kFailed); ++i) {
    const auto state = static_cast<JobState>(i);
    EXPECT_EQ(*ParseJobState(JobStateName(state)), state);
  }
  EXPECT_FALSE(IsEnded(JobState::kQueued));
  EXPECT_FALSE(IsEnded(JobState::kRunning));
  EXPECT_TRUE(IsEnded(JobState::kExited));
  EXPECT_TRUE(IsEnded(JobState::kFailed));
}

TEST(JobPageTest, ACursorIsOneThatCanStandInAQuery) {
  const auto page = [](const std::string& next) {
    return ParseJobPage(AsBytes(R"({"jobs":[)" + JobText() + R"(],"next":")" + next + "\"}"));
  };
  ASSERT_TRUE(page("aZ0_-"));
  EXPECT_EQ(page("aZ0_-")->jobs.size(), 1u);
  EXPECT_EQ(page("aZ0_-")->next, "aZ0_-");
  EXPECT_FALSE(page(""));
  EXPECT_FALSE(page("a&all=true"));
  EXPECT_FALSE(page(std::string(65, 'a')));
  EXPECT_FALSE(ParseJobPage(AsBytes(R"({"jobs":[]})"))->next);
}

}  // namespace
}  // namespace plasm::client
