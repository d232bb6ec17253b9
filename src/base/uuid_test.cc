#include "base/uuid.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "base/testing/fixed_entropy.h"

namespace plasm {
namespace {

TEST(UuidTest, SetsVersionAndVariantAndKeepsTheOtherBits) {
  plasm::testing::FixedEntropy zero(0);
  EXPECT_EQ(RandomUuid(zero), "00010203-0405-4607-8809-0a0b0c0d0e0f");
  plasm::testing::FixedEntropy high(0xf0);
  EXPECT_EQ(RandomUuid(high), "f0f1f2f3-f4f5-46f7-b8f9-fafbfcfdfeff");
}

TEST(UuidTest, ChecksDigitsAndDashesAtTheirPlaces) {
  const std::string uuid = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";
  EXPECT_TRUE(IsUuid(uuid));
  EXPECT_TRUE(IsUuid("00000000-0000-0000-0000-000000000000"));
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    for (const char wrong : {'-', 'g', 'A', ' '}) {
      if (uuid[i] == wrong) continue;
      std::string other = uuid;
      other[i] = wrong;
      EXPECT_FALSE(IsUuid(other)) << other;
    }
  }
  EXPECT_FALSE(IsUuid(""));
  EXPECT_FALSE(IsUuid(uuid.substr(1)));
  EXPECT_FALSE(IsUuid(uuid + "0"));
  EXPECT_FALSE(IsUuid("1b4e28ba02fa1041d20883f00016d3cca427"));
}

TEST(UuidTest, NoTwoOfTheSystemAreAlike) {
  SystemEntropy entropy;
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string uuid = RandomUuid(entropy);
    EXPECT_TRUE(std::regex_match(uuid, form)) << uuid;
    EXPECT_TRUE(seen.insert(uuid).second);
  }
}

}  // namespace
}  // namespace plasm
