#include "api/compat_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/base64.h"

namespace plasm::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kRequirements =
    R"({"cpu_cores":1,"memory_mb":128,"timeout_seconds":300,"arch":"x86_64",)"
    R"("wasm_runtime":"wasmtime-48"})";

std::string Hash(std::string_view module) { return Sha256Of(AsBytes(module)).ToString(); }

std::string Offer(const std::string& requirements = kRequirements) {
  return R"({"job_id":"job-1","nonce":"n","module_hash":")" + Hash("m") + R"(","requirements":)" +
         requirements + "}";
}

std::string Request(const std::string& wasm, const std::string& hash,
                    const std::string& args = R"(["a",""])",
                    const std::string& requirements = kRequirements) {
  return R"({"job_id":"job-1","module_hash":")" + hash + R"(","wasm_bytes":")" + wasm +
         R"(","args":)" + args + R"(,"requirements":)" + requirements + "}";
}

std::string With(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string OfferError(const std::string& json) {
  const auto parsed = JobOffer::Parse(AsBytes(json));
  return parsed ? "no error" : parsed.error().message;
}
std::string RequestError(const std::string& json) {
  const auto parsed = JobRequest::Parse(AsBytes(json));
  return parsed ? "no error" : parsed.error().message;
}

TEST(CompatMessagesTest, ReadsAnOffer) {
  const auto offer = JobOffer::Parse(AsBytes(Offer()));
  ASSERT_TRUE(offer) << offer.error().message;
  EXPECT_EQ(offer->job_id, "job-1");
  EXPECT_EQ(offer->nonce, "n");
  EXPECT_EQ(offer->module_hash, Sha256Of(AsBytes("m")));
  EXPECT_EQ(offer->requirements, (Requirements{1, 128, 300, "x86_64", "wasmtime-48"}));
}

TEST(CompatMessagesTest, OffersHaveExactlyTheirMembers) {
  EXPECT_THAT(OfferError("[]"), HasSubstr("offer"));
  EXPECT_THAT(OfferError(With(Offer(), "\"nonce\":\"n\",", "")), HasSubstr("nonce"));
  EXPECT_THAT(OfferError(With(Offer(), "\"n\"", "\"\"")), HasSubstr("offer.nonce"));
  EXPECT_THAT(OfferError(With(Offer(), "\"n\"", "\"" + std::string(65, 'n') + "\"")),
              HasSubstr("offer.nonce"));
  std::string wide;
  for (int i = 0; i < 64; ++i) wide += "\u20ac";  // three bytes, one character
  EXPECT_EQ(OfferError(With(Offer(), "\"n\"", "\"" + wide + "\"")), "no error");
  EXPECT_THAT(OfferError(With(Offer(), "\"n\"", "\"" + wide + "n\"")), HasSubstr("offer.nonce"));
  EXPECT_THAT(OfferError(With(Offer(), "job-1", "")), HasSubstr("offer.job_id"));
  EXPECT_THAT(OfferError(With(Offer(), "job-1", "a\\nb")), HasSubstr("offer.job_id"));
  EXPECT_THAT(OfferError(With(Offer(), "sha256:", "")), HasSubstr("offer.module_hash"));
  EXPECT_THAT(OfferError(With(Offer(), "{\"job_id\"", "{\"x\":1,\"job_id\"")), HasSubstr("\"x\""));
  EXPECT_THAT(OfferError(With(Offer(), "\"cpu_cores\":1", "\"cpu_cores\":-1")),
              HasSubstr("offer.requirements.cpu_cores"));
  EXPECT_THAT(OfferError(With(Offer(), "\"cpu_cores\":1", "\"cpu_cores\":1.0")),
              HasSubstr("fraction"));
  EXPECT_THAT(OfferError(With(Offer(), "\"memory_mb\":128", "\"memory_mb\":18446744073709551616")),
              ::testing::Not("no error"));
  EXPECT_THAT(OfferError(With(Offer(), "\"arch\":\"x86_64\",", "")), HasSubstr("arch"));
}

TEST(CompatMessagesTest, ReadsARequest) {
  const auto request = JobRequest::Parse(AsBytes(Request(EncodeBase64(AsBytes("m")), Hash("m"))));
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(AsText(request->wasm), "m");
  EXPECT_THAT(request->args, ElementsAre("a", ""));
}

TEST(CompatMessagesTest, AModuleOfAnotherDigestIsAMismatch) {
  const std::string error = RequestError(Request(EncodeBase64(AsBytes("m")), Hash("other")));
  EXPECT_EQ(error.find("Module hash mismatch"), 0u) << error;
  EXPECT_THAT(error, ::testing::AllOf(HasSubstr(Hash("m")), HasSubstr(Hash("other"))));
}

TEST(CompatMessagesTest, RequestsHaveExactlyTheirMembers) {
  const std::string good = Request(EncodeBase64(AsBytes("m")), Hash("m"));
  EXPECT_THAT(RequestError(With(good, "job-1", "")), HasSubstr("request.job_id"));
  EXPECT_THAT(RequestError(Request("", Hash(""))), HasSubstr("request.wasm_bytes"));
  EXPECT_THAT(RequestError(Request("bQ", Hash("m"))), HasSubstr("request.wasm_bytes"));
  EXPECT_THAT(RequestError(With(good, "\"bQ==\"", "7")), HasSubstr("request.wasm_bytes"));
  EXPECT_THAT(RequestError(With(good, "\"a\"", "1")), HasSubstr("request.args[0]"));
  EXPECT_THAT(RequestError(With(good, "\"a\"", "\"\\u0000\"")), HasSubstr("request.args[0]"));
  EXPECT_THAT(RequestError(With(good, "\"cpu_cores\":1", "\"cpu_cores\":0")),
              HasSubstr("cpu_cores: found 0"));
  EXPECT_THAT(RequestError(With(good, "\"args\":[\"a\",\"\"],", "")), HasSubstr("args"));
  EXPECT_THAT(RequestError(With(good, "{\"job_id\"", "{\"nonce\":\"\",\"job_id\"")),
              HasSubstr("\"nonce\""));
}

}  // namespace
}  // namespace plasm::api
