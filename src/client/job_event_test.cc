#include "client/job_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace plasm::client {
namespace {

using ::testing::HasSubstr;

Result<std::optional<JobEvent>> Read(const std::string& event, const std::string& data) {
  return ReadJobEvent({.event = event, .data = data, .id = "1-0-0"});
}

OutputEvent Output(std::uint64_t offset, const std::string& text,
                   worker::Stream stream = worker::Stream::kStdout) {
  const ByteView bytes = AsBytes(text);
  return {stream, offset, Bytes(bytes.begin(), bytes.end())};
}

TEST(JobEventTest, ReadsEachKind) {
  EXPECT_EQ(std::get<StateEvent>(**Read("state", R"({"state":"running"})")).state,
            JobState::kRunning);
  const auto output = std::get<OutputEvent>(**Read("stderr", R"({"offset":"5","base64":"aGk="})"));
  EXPECT_EQ(output.stream, worker::Stream::kStderr);
  EXPECT_EQ(output.offset, 5u);
  EXPECT_EQ(AsText(output.bytes), "hi");
  EXPECT_TRUE(std::holds_alternative<RestartEvent>(**Read("restart", "{}")));
}

TEST(JobEventTest, AKindOfALaterVersionIsPassedOver) {
  const auto event = Read("fireworks", "not even JSON");
  ASSERT_TRUE(event);
  EXPECT_FALSE(event->has_value());
}

TEST(JobEventTest, RefusesWhatTheApiDoesNotSay) {
  EXPECT_EQ(Read("state", "{}").error().code, ErrorCode::kCorrupt);
  EXPECT_FALSE(Read("stdout", R"({"offset":"-1","base64":""})"));
  EXPECT_FALSE(Read("stdout", R"({"offset":"0","base64":"*"})"));
  const auto unfinished = Read(
      "end", R"({"id":"job-1b4e28ba-2fa1-41d2-883f-0016d3cca427","state":"running","client":"c",)"
             R"("manifest":")" +
                 std::string(64, '0') + R"(","submitted":"2026-11-24T09:30:00Z","attempts":1})");
  EXPECT_THAT(unfinished.error().message, HasSubstr("ends in"));
}

TEST(OutputProgressTest, GivesEachByteOnce) {
  OutputProgress progress;
  const auto fresh = [&](const OutputEvent& event) {
    const auto bytes = progress.New(event);
    EXPECT_TRUE(bytes);
    return bytes ? std::string(AsText(*bytes)) : "";
  };
  EXPECT_EQ(fresh(Output(0, "hel")), "hel");
  EXPECT_EQ(fresh(Output(3, "lo")), "lo");
  EXPECT_EQ(fresh(Output(0, "hello")), "");         // after a restart
  EXPECT_EQ(fresh(Output(3, "lo, you")), ", you");  // overlaps
  EXPECT_EQ(fresh(Output(0, "err", worker::Stream::kStderr)), "err");
  EXPECT_EQ(progress.bytes(worker::Stream::kStdout), 10u);
}

TEST(OutputProgressTest, NoticesAGap) {
  OutputProgress progress;
  ASSERT_TRUE(progress.New(Output(0, "ab")));
  EXPECT_EQ(progress.New(Output(3, "d")).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(progress.New(Output(UINT64_MAX, "d")).error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace plasm::client
