#include "base/sha256.h"

#include <gtest/gtest.h>

#include <string>
#include <unordered_set>

namespace plasm {
namespace {

constexpr const char* kOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* kOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* kOfAMillionA =
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST(Sha256Test, AgreesWithTheExamplesOfFips180) {
  EXPECT_EQ(Sha256Of({}).ToHex(), kOfNothing);
  EXPECT_EQ(Sha256Of(AsBytes("abc")).ToHex(), kOfAbc);
  EXPECT_EQ(Sha256Of(AsBytes(std::string(1'000'000, 'a'))).ToHex(), kOfAMillionA);
}

TEST(Sha256Test, PiecesGiveTheDigestOfTheWhole) {
  Sha256 hash;
  const std::string part(999, 'a');
  for (int i = 0; i < 1001; ++i) hash.Update(AsBytes(part));
  hash.Update({});
  hash.Update(AsBytes("a"));
  EXPECT_EQ(hash.Finish().ToHex(), kOfAMillionA);
}

TEST(Sha256Test, FinishStartsOver) {
  Sha256 hash;
  hash.Update(AsBytes("something else"));
  (void)hash.Finish();
  hash.Update(AsBytes("abc"));
  EXPECT_EQ(hash.Finish().ToHex(), kOfAbc);
}

TEST(Sha256Test, ACopyGoesOnByItself) {
  Sha256 hash;
  hash.Update(AsBytes("ab"));
  Sha256 copy = hash;
  copy.Update(AsBytes("c"));
  hash.Update(AsBytes("x"));
  EXPECT_EQ(copy.Finish().ToHex(), kOfAbc);
  EXPECT_EQ(hash.Finish(), Sha256Of(AsBytes("abx")));
}

TEST(Sha256DigestTest, ReadsBackWhatItPrints) {
  const Sha256Digest digest = Sha256Of(AsBytes("abc"));
  EXPECT_EQ(digest.ToString(), std::string("sha256:") + kOfAbc);
  EXPECT_EQ(*Sha256Digest::FromString(digest.ToString()), digest);
  EXPECT_EQ(*Sha256Digest::FromHex(kOfAbc), digest);
}

TEST(Sha256DigestTest, RefusesOtherSpellings) {
  std::string upper = kOfAbc;
  upper[0] = 'B';
  EXPECT_FALSE(Sha256Digest::FromHex(upper));
  EXPECT_FALSE(Sha256Digest::FromHex(std::string(kOfAbc) + "00"));
  EXPECT_FALSE(Sha256Digest::FromString(kOfAbc));
  EXPECT_FALSE(Sha256Digest::FromString(std::string("SHA256:") + kOfAbc));
  EXPECT_FALSE(Sha256Digest::FromString(std::string("sha256:") + kOfAbc + "\n"));
}

TEST(Sha256DigestTest, WorksAsAKeyOfHashedContainers) {
  std::unordered_set<Sha256Digest> set{Sha256Of({}), Sha256Of(AsBytes("abc")), Sha256Of({})};
  EXPECT_EQ(set.size(), 2u);
}

}  // namespace
}  // namespace plasm
