#include "api/tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/testing/fixed_entropy.h"
#include "crypto/token_secret.h"

namespace plasm::api {
namespace {

using ::testing::HasSubstr;

std::string Digits() { return Sha256Of(AsBytes("secret")).ToHex(); }

Result<Tokens> Parse(std::string_view text) { return Tokens::Parse(AsBytes(text)); }

std::string ErrorOf(std::string_view text) {
  const auto parsed = Parse(text);
  return parsed ? "no error" : parsed.error().message;
}

TEST(TokensTest, ReadsWhatItWrites) {
  const Token token{.name = "ci",
                    .secret_sha256 = Sha256Of(AsBytes("secret")),
                    .scopes = {.jobs = true, .metrics = false, .see_others = true},
                    .expires = UtcTime{1'800'000'000'000}};
  Tokens tokens;
  ASSERT_TRUE(tokens.Add(token));
  EXPECT_EQ(tokens.Serialize(),
            "ci sha256:" + Digits() + " scopes=jobs,see-others expires=2027-01-15T08:00:00.000Z\n");
  const auto again = Parse(tokens.Serialize());
  ASSERT_TRUE(again);
  EXPECT_EQ(*again->FindByName("ci"), token);
  const auto never = Parse("ci sha256:" + Digits() + " scopes=metrics expires=never");
  ASSERT_TRUE(never);
  EXPECT_FALSE(never->FindByName("ci")->expires);
}

TEST(TokensTest, OneBadLineRefusesTheFileAndIsNamed) {
  const std::string digest = "sha256:" + Digits();
  EXPECT_THAT(ErrorOf("\nci " + digest + " scopes=jobs\n"), HasSubstr("line 2: found 3 fields"));
  EXPECT_THAT(ErrorOf("ci sha256:00 scopes=jobs expires=never"), HasSubstr("64"));
  EXPECT_THAT(ErrorOf("ci " + Digits() + " scopes=jobs expires=never"), HasSubstr("sha256:"));
  EXPECT_THAT(ErrorOf("ci " + digest + " scopes= expires=never"), HasSubstr("scopes"));
  EXPECT_THAT(ErrorOf("ci " + digest + " scopes=all expires=never"), HasSubstr("\"all\""));
  EXPECT_THAT(ErrorOf("ci " + digest + " scopes=jobs,jobs expires=never"), HasSubstr("twice"));
  EXPECT_THAT(ErrorOf("ci " + digest + " scopes=jobs, expires=never"), HasSubstr("scopes"));
  EXPECT_THAT(ErrorOf("ci " + digest + " scopes=jobs expires=soon"), HasSubstr("expires="));
  EXPECT_THAT(ErrorOf("ci " + digest + " scopes=jobs expires=never\nx " + digest +
                      " scopes=jobs expires=never"),
              HasSubstr("stands under the name \"ci\""));
}

TEST(TokensTest, ASecretIsFoundByItsDigest) {
  testing::FixedEntropy entropy;
  const std::string secret = crypto::NewTokenSecret(entropy);
  Tokens tokens;
  ASSERT_TRUE(tokens.Add({"a", Sha256Of(AsBytes(secret)), {.jobs = true}, {}}));
  ASSERT_TRUE(tokens.Add({"b", Sha256Of(AsBytes("other")), {.metrics = true}, {}}));
  ASSERT_NE(FindToken(tokens, secret), nullptr);
  EXPECT_EQ(FindToken(tokens, secret)->name, "a");
  EXPECT_EQ(FindToken(tokens, crypto::NewTokenSecret(entropy)), nullptr);
}

}  // namespace
}  // namespace plasm::api
