#include "libplasm/job_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/testing/temp_folder.h"

namespace plasm::libplasm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

v0::JobSpec Hello() {
  v0::JobSpec job;
  job.module_file = "/somewhere/hello.wasm";
  return job;
}

// The text of the refusal; empty when there is none.
std::string Refusal(const v0::JobSpec& job) {
  const auto order = OrderOf(job, "SHA256:me");
  if (order) return "";
  EXPECT_EQ(order.error().code, ErrorCode::kInvalid);
  return order.error().message;
}

Bytes Standard(const std::string& text) {
  const ByteView bytes = AsBytes(text);
  return {bytes.begin(), bytes.end()};
}

TEST(JobRequestTest, TheProgramLearnsItsNameAndNothingOfThisMachine) {
  v0::JobSpec job = Hello();
  job.args = {"a"};
  EXPECT_THAT(OrderOf(job, "")->args, ElementsAre("hello.wasm", "a"));
  job.program_name = "hi";
  EXPECT_THAT(OrderOf(job, "")->args, ElementsAre("hi", "a"));
  job = {};
  job.module_bytes = Standard("x");
  EXPECT_THAT(OrderOf(job, "")->args, ElementsAre("module.wasm"));
}

TEST(JobRequestTest, EverythingThatIsAskedForIsInTheOrder) {
  using namespace std::chrono_literals;
  v0::JobSpec job = Hello();
  job.env = {"A=b", "EMPTY="};
  job.inputs = {{"/host", "/guest"}};
  job.outputs = {"/out"};
  job.limits.memory_bytes = 1 << 20;
  job.limits.fuel = 5;
  job.limits.output_bytes = 6;
  job.limits.file_bytes = 7;
  job.limits.file_nodes = 8;
  job.limits.wall_time = 1500ms;
  job.profile = v0::Profile::kLive;
  job.start_time = v0::Time(1'700'000'000s);
  job.seed.emplace().fill(std::byte{3});
  job.nonce = std::string(32, 'a');
  job.not_after = v0::Time(1'800'000'000s + 250ms);
  const auto order = OrderOf(job, "SHA256:me");
  ASSERT_TRUE(order);
  EXPECT_THAT(order->env, ElementsAre("A=b", "EMPTY="));
  ASSERT_EQ(order->inputs.size(), 1u);
  EXPECT_EQ(order->inputs.front().host, "/host");
  EXPECT_EQ(order->inputs.front().guest, "/guest");
  EXPECT_THAT(order->outputs, ElementsAre("/out"));
  EXPECT_EQ(order->limits.memory_bytes, 1u << 20);
  EXPECT_EQ(order->limits.fuel, 5u);
  EXPECT_EQ(order->limits.output_bytes, 6u);
  EXPECT_EQ(order->limits.file_bytes, 7u);
  EXPECT_EQ(order->limits.file_nodes, 8u);
  EXPECT_EQ(order->wall_time_ms, 1500u);
  EXPECT_EQ(order->profile, receipt::Profile::kLive);
  EXPECT_EQ(order->start_time_ns, 1'700'000'000'000'000'000u);
  EXPECT_EQ(order->seed->front(), std::byte{3});
  EXPECT_EQ(order->nonce, std::string(32, 'a'));
  EXPECT_EQ(order->not_after->milliseconds, 1'800'000'000'250u);
  EXPECT_EQ(order->requester, "SHA256:me");
}

TEST(JobRequestTest, WhatIsLeftOpenStaysOpen) {
  const auto order = OrderOf(Hello(), "");
  EXPECT_FALSE(order->start_time_ns || order->seed || order->nonce || order->not_after);
}

TEST(JobRequestTest, ExactlyOneModuleIsNamed) {
  EXPECT_THAT(Refusal({}), HasSubstr("neither"));
  v0::JobSpec job = Hello();
  job.module_bytes = Standard("x");
  EXPECT_THAT(Refusal(job), HasSubstr("both"));
  EXPECT_FALSE(ModuleOf({}));
}

TEST(JobRequestTest, WhatCannotBeMeantIsRefusedByName) {
  v0::JobSpec job = Hello();
  job.env = {"A"};
  EXPECT_THAT(Refusal(job), HasSubstr("env: found \"A\""));
  job.env = {"=A"};
  EXPECT_THAT(Refusal(job), HasSubstr("env"));
  job = Hello();
  job.inputs = {{"", "/work"}};
  EXPECT_THAT(Refusal(job), HasSubstr("inputs"));
  job = Hello();
  job.limits.wall_time = std::chrono::milliseconds(-1);
  EXPECT_THAT(Refusal(job), HasSubstr("wall_time"));
  job = Hello();
  job.start_time = v0::Time(std::chrono::seconds(-1));
  EXPECT_THAT(Refusal(job), HasSubstr("start_time"));
  job = Hello();
  job.not_after = v0::Time(std::chrono::seconds(-1));
  EXPECT_THAT(Refusal(job), HasSubstr("not_after"));
}

TEST(JobRequestTest, StandardInputComesFromMemoryOrFromAFile) {
  const plasm::testing::TempFolder folder;
  ASSERT_TRUE(WriteFileAtomically(folder / "in", AsBytes("from a file")));
  v0::JobSpec job = Hello();
  EXPECT_FALSE(*StandardInputOf(job));
  job.standard_input_file = folder / "in";
  EXPECT_EQ(AsText(*ReadDescriptor(StandardInputOf(job)->get(), "in", 100)), "from a file");
  job.standard_input = Standard("from memory");
  EXPECT_FALSE(StandardInputOf(job));  // two of them
  job.standard_input_file.clear();
  EXPECT_EQ(AsText(*ReadDescriptor(StandardInputOf(job)->get(), "in", 100)), "from memory");
  job = Hello();
  job.standard_input_file = folder / "none";
  const auto missing = StandardInputOf(job);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace plasm::libplasm
