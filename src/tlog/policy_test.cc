#include "tlog/policy.h"

#include <gtest/gtest.h>

#include "tlog/testing/keys.h"

namespace plasm::tlog {
namespace {

std::string LogKey(unsigned char seed, const std::string& name = "log.example") {
  return VerifierKey{name, SignatureType::kEd25519, testing::Key(seed).public_key()}.ToText();
}
std::string WitnessKey(unsigned char seed, const std::string& name = "witness.example") {
  return VerifierKey{name, SignatureType::kCosignature, testing::Key(seed).public_key()}.ToText();
}

bool Parses(const std::string& text) { return Policy::Parse(AsBytes(text)).has_value(); }

const std::string kThree = "witness a " + WitnessKey(1) + "\nwitness b " + WitnessKey(2) +
                           "\nwitness c " + WitnessKey(3) + "\n";

TEST(PolicyTest, ReadsTheKindOfPolicyThatTheSpecificationShows) {
  const auto policy = Policy::Parse(
      AsBytes("# two operators\n\n  \t\nlog " + LogKey(9) + " https://log.example/\n" + kThree +
              "group X 2 a b c\n\twitness\td  " + WitnessKey(4) + "\thttps://w.example \n" +
              "group Y any d\ngroup X-and-Y all X Y\nquorum X-and-Y\n"));
  ASSERT_TRUE(policy) << policy.error().message;
  ASSERT_EQ(policy->logs().size(), 1U);
  EXPECT_EQ(policy->logs()[0].url, "https://log.example/");
  ASSERT_EQ(policy->witnesses().size(), 4U);
  EXPECT_EQ(policy->witnesses()[3].url, "https://w.example");
  EXPECT_TRUE(policy->QuorumReached({true, false, true, true}));
  EXPECT_TRUE(policy->QuorumReached({true, true, true, true}));
  EXPECT_FALSE(policy->QuorumReached({true, true, true, false}));
  EXPECT_FALSE(policy->QuorumReached({true, false, false, true}));
  EXPECT_FALSE(policy->QuorumReached({false, false, false, false}));
}

TEST(PolicyTest, CountsKOfN) {
  for (std::size_t k = 1; k <= 3; ++k) {
    const auto policy =
        Policy::Parse(AsBytes(kThree + "group g " + std::to_string(k) + " a b c\nquorum g\n"));
    ASSERT_TRUE(policy);
    for (unsigned bits = 0; bits < 8; ++bits) {
      EXPECT_EQ(policy->QuorumReached({(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0}),
                static_cast<std::size_t>(std::popcount(bits)) >= k);
    }
  }
}

TEST(PolicyTest, AQuorumIsAlsoASingleWitnessOrNone) {
  const auto single = Policy::Parse(AsBytes(kThree + "quorum b\n"));
  ASSERT_TRUE(single);
  EXPECT_TRUE(single->QuorumReached({false, true, false}));
  EXPECT_FALSE(single->QuorumReached({true, false, true}));
  const auto none = Policy::Parse(AsBytes("quorum none\n"));
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->QuorumReached({}));
}

TEST(PolicyTest, OneKeyCannotBeTwoWitnesses) {
  // Twice the same line but for the policy's name, and under two key names: either would let
  // one witness reach a threshold of two.
  EXPECT_FALSE(Parses("witness a " + WitnessKey(1) + "\nwitness b " + WitnessKey(1) +
                      "\ngroup g 2 a b\nquorum g\n"));
  EXPECT_FALSE(Parses("witness a " + WitnessKey(1, "one") + "\nwitness b " + WitnessKey(1, "two") +
                      "\ngroup g 2 a b\nquorum g\n"));
  EXPECT_FALSE(Parses("log " + LogKey(1, "one") + "\nlog " + LogKey(1, "two") + "\nquorum none\n"));
}

TEST(PolicyTest, OneWitnessCannotBeAMemberTwice) {
  EXPECT_FALSE(Parses(kThree + "group g 2 a a\nquorum g\n"));
  EXPECT_FALSE(Parses(kThree + "group g any a\ngroup h all a g\nquorum h\n"));
  EXPECT_FALSE(Parses(kThree + "group g any a\ngroup h any a\nquorum h\n"));
}

TEST(PolicyTest, RefusesOtherForms) {
  for (const std::string& bad : {
           std::string(),
           std::string("\n"),
           kThree,
           kThree + "quorum d\n",
           kThree + "quorum a\nquorum a\n",
           kThree + "quorum a",
           kThree + "quorum\n",
           kThree + "quorum a b\n",
           kThree + "group g 0 a\nquorum g\n",
           kThree + "group g 3 a b\nquorum g\n",
           kThree + "group g 01 a\nquorum g\n",
           kThree + "group g -1 a\nquorum g\n",
           kThree + "group g all\nquorum g\n",
           kThree + "group g any none\nquorum g\n",
           kThree + "group none any a\nquorum none\n",
           kThree + "group a any b\nquorum a\n",
           kThree + "group g any g\nquorum g\n",
           kThree + "quorum g\ngroup g any a\n",
           kThree + "Quorum a\n",
           kThree + "quorum a # x\n",
           kThree + "witness a " + WitnessKey(7) + "\nquorum a\n",
           "witness none " + WitnessKey(7) + "\nquorum none\n",
           "witness a " + LogKey(7) + "\nquorum a\n",
           "log " + WitnessKey(7) + "\nquorum none\n",
           std::string("log x\nquorum none\n"),
           std::string("witness a x\nquorum a\n"),
           std::string("quorum none\r\n"),
           std::string("quorum none\v\n"),
           std::string("# \x7f\nquorum none\n"),
           std::string("quorum no\0ne\n", 13),
           "log " + LogKey(7) + " url more\nquorum none\n",
       }) {
    EXPECT_FALSE(Parses(bad)) << bad;
  }
}

TEST(PolicyTest, NamesAreOctets) {
  EXPECT_TRUE(Parses("witness \xe2\x84\xaa " + WitnessKey(1) + "\nwitness K " + WitnessKey(2) +
                     "\ngroup \xff all K \xe2\x84\xaa\nquorum \xff\n"));
}

TEST(PolicyTest, TakesThirtyTwoOfEachAndHasALimit) {
  std::string text;
  for (unsigned char i = 0; i < 32; ++i) {
    const std::string n = std::to_string(i);
    text += "log " + LogKey(i) + "\nwitness w" + n + " " + WitnessKey(i) + "\ngroup g" + n +
            " any w" + n + "\n";
  }
  EXPECT_TRUE(Parses(text + "quorum g31\n"));
  EXPECT_EQ(Policy::Parse(AsBytes(std::string(kMaxPolicyBytes + 1, '\n'))).error().code,
            ErrorCode::kLimitExceeded);
  std::string groups = "witness w " + WitnessKey(1) + "\ngroup g0 any w\n";
  for (std::size_t i = 1; i < kMaxPolicyGroups; ++i) {
    groups += "group g" + std::to_string(i) + " any g" + std::to_string(i - 1) + "\n";
  }
  EXPECT_TRUE(Parses(groups + "quorum g255\n"));
  EXPECT_EQ(Policy::Parse(AsBytes(groups + "group more any g255\nquorum more\n")).error().code,
            ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace plasm::tlog
