#include "client/job_offer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace plasm::client {
namespace {

using ::testing::HasSubstr;

receipt::Manifest Asking(std::uint64_t memory_bytes, std::uint64_t wall_time_ms) {
  receipt::Manifest manifest;
  manifest.module = {.sha256 = Sha256Of(AsBytes("module")), .size = 6};
  manifest.limits.memory_bytes = memory_bytes;
  manifest.limits.wall_time_ms = wall_time_ms;
  return manifest;
}

JobOffer OfferFor(std::uint64_t memory_bytes, std::uint64_t wall_time_ms) {
  return OfferOf(Asking(memory_bytes, wall_time_ms), "job-1", "0011", "x86_64", "wasmtime-48");
}

std::string ReasonOf(const std::string& reason) {
  const auto answer = ParseOfferAnswer(
      AsBytes(R"({"Rejected":{"job_id":"job-1","reason":)" + reason + "}}"), "job-1");
  if (!answer) return "error: " + answer.error().message;
  return std::get<OfferRejected>(*answer).reason;
}

TEST(JobOfferTest, IsTheMessageOfTheFirstSystem) {
  EXPECT_EQ(SerializeOffer(OfferFor(128 << 20, 300'000)),
            R"({"job_id":"job-1","nonce":"0011","module_hash":"sha256:)" +
                Sha256Of(AsBytes("module")).ToHex() +
                R"(","requirements":{"cpu_cores":1,"memory_mb":128,"timeout_seconds":300,)"
                R"("arch":"x86_64","wasm_runtime":"wasmtime-48"}})");
}

TEST(JobOfferTest, AsksForNoLessThanTheManifestAndForWhatAnOfferCanSay) {
  EXPECT_EQ(OfferFor((128 << 20) + 1, 300'001).memory_mb, 129u);
  EXPECT_EQ(OfferFor(1, 300'001).timeout_seconds, 301u);
  EXPECT_EQ(OfferFor(0, 0).memory_mb, 1u);
  EXPECT_EQ(OfferFor(0, 0).timeout_seconds, 1u);
  EXPECT_EQ(OfferFor(UINT64_MAX, UINT64_MAX).memory_mb, 32'768u);
  EXPECT_EQ(OfferFor(UINT64_MAX, UINT64_MAX).timeout_seconds, 3600u);
}

TEST(JobOfferTest, TheRuntimeIsTheEngineUpToItsMajorVersion) {
  EXPECT_EQ(RuntimeOfEngine("wasmtime-48.0.8-0011"), "wasmtime-48");
  EXPECT_EQ(RuntimeOfEngine("wasmtime-48"), "wasmtime-48");
}

TEST(OfferAnswerTest, AcceptedIsForThisJobWhateverElseItSays) {
  const std::string accepted =
      R"({"Accepted":{"job_id":"job-1","estimated_start":1,"node_peer_id":"x","more":[]}})";
  const auto answer = ParseOfferAnswer(AsBytes(accepted), "job-1");
  ASSERT_TRUE(answer);
  EXPECT_TRUE(std::holds_alternative<OfferAccepted>(*answer));
  const auto other = ParseOfferAnswer(AsBytes(accepted), "job-2");
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("job_id: found \"job-1\", expected \"job-2\""));
}

TEST(OfferAnswerTest, EachReasonIsSaidInWords) {
  EXPECT_EQ(ReasonOf(R"("QueueFull")"), "its queue is full");
  EXPECT_THAT(ReasonOf(R"({"InsufficientResources":{"missing":"memory_mb: asked for 9"}})"),
              HasSubstr("memory_mb: asked for 9"));
  EXPECT_EQ(ReasonOf(R"({"ArchMismatch":{"required":"x86_64","available":"aarch64"}})"),
            "it is aarch64, and x86_64 is wanted");
  EXPECT_THAT(ReasonOf(R"({"RuntimeNotSupported":{"required":"wasmtime-49"}})"),
              HasSubstr("wasmtime-49"));
  EXPECT_THAT(ReasonOf(R"({"InvalidRequest":{"details":"cpu_cores: found 0"}})"),
              HasSubstr("cpu_cores: found 0"));
}

TEST(OfferAnswerTest, AReasonOfTomorrowIsARefusalAllTheSame) {
  EXPECT_EQ(ReasonOf(R"("Tired")"), "Tired");
  EXPECT_THAT(ReasonOf(R"({"Tired":{"since":"noon"}})"), HasSubstr("not known"));
}

TEST(OfferAnswerTest, WhatANodeWritesSteersNoTerminal) {
  EXPECT_EQ(ReasonOf(R"("\u001b[2J\n")"), " [2J ");
}

TEST(OfferAnswerTest, WhatIsNoAnswerIsRefused) {
  for (const char* text :
       {"", "{}", "[]", R"({"Accepted":1})", R"({"Accepted":{}})",
        R"({"Rejected":{"job_id":"job-1"}})", R"({"Rejected":{"job_id":"job-1","reason":1}})",
        R"({"Rejected":{"job_id":"job-1","reason":{"ArchMismatch":{}}}})"}) {
    EXPECT_FALSE(ParseOfferAnswer(AsBytes(std::string(text)), "job-1")) << text;
  }
}

TEST(ReservedForTest, IsWhatTheHeaderSaysWithinReason) {
  EXPECT_EQ(ReservedFor("30"), std::chrono::seconds(30));
  EXPECT_EQ(ReservedFor("99999999999"), std::chrono::seconds(3600));
  EXPECT_EQ(ReservedFor(std::nullopt), std::nullopt);
  EXPECT_EQ(ReservedFor("soon"), std::nullopt);
  EXPECT_EQ(ReservedFor("-1"), std::nullopt);
}

}  // namespace
}  // namespace plasm::client
