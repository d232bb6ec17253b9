#include "crypto/token_secret.h"

#include <gtest/gtest.h>

#include <string>

#include "base/testing/fixed_entropy.h"

namespace plasm::crypto {
namespace {

TEST(TokenSecretTest, Is32RandomBytes) {
  testing::FixedEntropy entropy(0xf0);
  const std::string secret = NewTokenSecret(entropy);
  EXPECT_EQ(secret.substr(0, 8), "8PHy8_T1");  // base64 of f0 f1 f2 f3 f4 f5: 8PHy8/T1
  EXPECT_TRUE(IsTokenSecret(secret));
  EXPECT_NE(secret, NewTokenSecret(entropy));
}

TEST(TokenSecretTest, HasOneForm) {
  EXPECT_FALSE(IsTokenSecret(""));
  EXPECT_FALSE(IsTokenSecret(std::string(42, 'A')));
  EXPECT_FALSE(IsTokenSecret(std::string(44, 'A')));
  EXPECT_FALSE(IsTokenSecret(std::string(42, 'A') + "+"));
  EXPECT_FALSE(IsTokenSecret(std::string(42, 'A') + '\0'));
  EXPECT_TRUE(IsTokenSecret(std::string(41, 'A') + "-_"));
}

}  // namespace
}  // namespace plasm::crypto
