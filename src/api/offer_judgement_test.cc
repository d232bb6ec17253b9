#include "api/offer_judgement.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm::api {
namespace {

NodeOffer Node() {
  return {.arch = "x86_64",
          .wasm_runtime = "wasmtime-48",
          .cores = 4,
          .memory_bytes = std::uint64_t{1024} << 20,
          .wall_time_ms = 600'000};
}
Requirements Asked() { return {4, 1024, 600, "x86_64", "wasmtime-48"}; }

std::string AnswerTo(const Requirements& asked, const NodeOffer& node = Node()) {
  const auto rejection = Judge(asked, node);
  return rejection ? RejectedJson("j", *rejection) : AcceptedJson("j", 7, "SHA256:x");
}

std::string Rejected(const std::string& reason) {
  return R"({"Rejected":{"job_id":"j","reason":)" + reason + "}}";
}

TEST(OfferJudgementTest, AcceptsWhatTheNodeCanJustDo) {
  EXPECT_EQ(AnswerTo(Asked()),
            R"({"Accepted":{"job_id":"j","estimated_start":7,"node_peer_id":"SHA256:x"}})");
}

TEST(OfferJudgementTest, EachReasonHasItsForm) {
  Requirements asked = Asked();
  asked.cpu_cores = 5;
  EXPECT_EQ(AnswerTo(asked), Rejected(R"({"InsufficientResources":{"missing":)"
                                      R"("cpu_cores: asked for 5, available are 4"}})"));
  asked = Asked();
  asked.memory_mb = 1025;
  EXPECT_EQ(AnswerTo(asked), Rejected(R"({"InsufficientResources":{"missing":)"
                                      R"("memory_mb: asked for 1025, available are 1024"}})"));
  asked = Asked();
  asked.timeout_seconds = 601;
  EXPECT_EQ(AnswerTo(asked), Rejected(R"({"InsufficientResources":{"missing":)"
                                      R"("timeout_seconds: asked for 601, available are 600"}})"));
  asked = Asked();
  asked.arch = "aarch64";
  EXPECT_EQ(AnswerTo(asked),
            Rejected(R"({"ArchMismatch":{"required":"aarch64","available":"x86_64"}})"));
  asked = Asked();
  asked.wasm_runtime = "wasmtime-47";
  EXPECT_EQ(AnswerTo(asked), Rejected(R"({"RuntimeNotSupported":{"required":"wasmtime-47"}})"));
  asked = Asked();
  asked.cpu_cores = 0;
  EXPECT_EQ(AnswerTo(asked),
            Rejected(R"({"InvalidRequest":{"details":"cpu_cores: found 0, expected 1 to 64"}})"));
  EXPECT_EQ(RejectedJson("j", QueueFull{}), Rejected(R"("QueueFull")"));
}

TEST(OfferJudgementTest, WhatCannotBeAskedComesFirst) {
  Requirements asked{65, 32'769, 3'601, "aarch64", "other"};
  EXPECT_EQ(AnswerTo(asked),
            Rejected(R"({"InvalidRequest":{"details":"cpu_cores: found 65, expected 1 to 64"}})"));
}

TEST(OfferJudgementTest, AJobBeginsWhenThoseBeforeItHaveHadTheirTurn) {
  EXPECT_EQ(EstimatedWaitUs({.queued = 0, .running = 1, .workers = 2, .mean_run_us = 500}), 0u);
  EXPECT_EQ(EstimatedWaitUs({.queued = 0, .running = 2, .workers = 2, .mean_run_us = 500}), 250u);
  EXPECT_EQ(EstimatedWaitUs({.queued = 9, .running = 2, .workers = 2, .mean_run_us = 500}), 2500u);
  EXPECT_EQ(EstimatedWaitUs({.queued = 9, .running = 2, .workers = 2, .mean_run_us = 0}), 0u);
}

TEST(OfferJudgementTest, ResultsCarryTheReceiptAsText) {
  EXPECT_EQ(JobResultJson("j", "out\n", "\xff", 3, R"({"version":"0.1"})"),
            "{\"job_id\":\"j\",\"stdout\":\"out\\n\",\"stderr\":\"\xef\xbf\xbd\",\"exit_code\":3,"
            "\"receipt_json\":\"{\\\"version\\\":\\\"0.1\\\"}\"}");
}

}  // namespace
}  // namespace plasm::api
