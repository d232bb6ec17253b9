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
