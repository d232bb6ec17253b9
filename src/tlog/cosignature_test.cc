#include "tlog/cosignature.h"

#include <gtest/gtest.h>

#include "tlog/testing/keys.h"

namespace plasm::tlog {
namespace {

constexpr std::string_view kText =
    "example.com/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
constexpr std::uint64_t kTime = 1'679'315'147;

TEST(CosignatureTest, SignsTheMessageOfTheSpecification) {
  const auto key = testing::Key(1);
  const NoteSignature line = Cosign(kText, "witness.example", key, kTime);
  EXPECT_EQ(line.key_id,
            (VerifierKey{"witness.example", SignatureType::kCosignature, key.public_key()}).Id());
  ASSERT_EQ(line.signature.size(), 72U);
  crypto::Signature signature;
  std::copy(line.signature.begin() + 8, line.signature.end(), signature.bytes.begin());
  EXPECT_TRUE(crypto::Verify(key.public_key(),
                             AsBytes("cosignature/v1\ntime 1679315147\n" + std::string(kText)),
                             signature));
  EXPECT_EQ(VerifyCosignature(kText, key.public_key(), line.signature), kTime);
}

TEST(CosignatureTest, HasAnotherKeyIdThanThePlainSignatureOfTheSameKey) {
  const auto key = testing::Key(1);
  EXPECT_NE(Cosign(kText, "name", key, kTime).key_id, SignNote(kText, "name", key).key_id);
}

TEST(CosignatureTest, RefusesAnotherTimeTextKeyOrSize) {
  const auto key = testing::Key(1);
  const Bytes good = Cosign(kText, "w", key, kTime).signature;
  Bytes moved = good;
  moved[7] ^= std::byte{1};
  EXPECT_FALSE(VerifyCosignature(kText, key.public_key(), moved));
  EXPECT_FALSE(VerifyCosignature("other\n", key.public_key(), good));
  EXPECT_FALSE(VerifyCosignature(kText, testing::Key(2).public_key(), good));
  EXPECT_FALSE(VerifyCosignature(kText, key.public_key(), ByteView(good).first(71)));
  EXPECT_FALSE(VerifyCosignature(kText, key.public_key(), {}));
}

TEST(CosignatureTest, RefusesTimesThatTheFormDoesNotHave) {
  const auto key = testing::Key(1);
  for (const std::uint64_t time : {std::uint64_t{0}, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    EXPECT_FALSE(
        VerifyCosignature(kText, key.public_key(), Cosign(kText, "w", key, time).signature));
  }
}

}  // namespace
}  // namespace plasm::tlog
