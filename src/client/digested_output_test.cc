#include "client/digested_output.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm::client {
namespace {

struct Heard final : JobWatcher {
  void OnState(JobState state) override { text += std::string(JobStateName(state)) + ";"; }
  Result<void> OnOutput(worker::Stream, ByteView bytes) override {
    if (AsText(bytes) == "enough") return Error{ErrorCode::kLimitExceeded, "enough"};
    text += std::string(AsText(bytes)) + ";";
    return {};
  }
  void OnRestart() override { text += "restart;"; }
  std::string text;
};

TEST(DigestedOutputTest, TakesEachStreamsDigestAndHandsEverythingOn) {
  Heard heard;
  DigestedOutput output(heard);
  output.OnState(JobState::kRunning);
  ASSERT_TRUE(output.OnOutput(worker::Stream::kStdout, AsBytes("on")));
  ASSERT_TRUE(output.OnOutput(worker::Stream::kStderr, AsBytes("!")));
  output.OnRestart();
  ASSERT_TRUE(output.OnOutput(worker::Stream::kStdout, AsBytes("e")));
  EXPECT_EQ(heard.text, "running;on;!;restart;e;");
  EXPECT_EQ(output.TakeDigest(worker::Stream::kStdout), Sha256Of(AsBytes("one")));
  EXPECT_EQ(output.TakeDigest(worker::Stream::kStderr), Sha256Of(AsBytes("!")));
}

TEST(DigestedOutputTest, AWatcherThatWantsNoMoreIsHeard) {
  Heard heard;
  DigestedOutput output(heard);
  const auto refused = output.OnOutput(worker::Stream::kStdout, AsBytes("enough"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace plasm::client
