#include "crypto/ed25519.h"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include "base/hex.h"
#include "base/testing/fixed_entropy.h"

namespace plasm::crypto {
namespace {

// RFC 8032 section 7.1.
struct Example {
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};
constexpr Example kExamples[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"}};

SigningKey KeyFromHex(const char* seed) {
  std::array<std::byte, SigningKey::kSeedSize> bytes;
  EXPECT_TRUE(DecodeHexTo(seed, bytes));
  return SigningKey::FromSeed(bytes);
}

TEST(Ed25519Test, AgreesWithTheExamplesOfRfc8032) {
  for (const Example& example : kExamples) {
    const SigningKey key = KeyFromHex(example.seed);
    const Bytes message = *DecodeHex(example.message);
    EXPECT_EQ(key.public_key().ToHex(), example.public_key);
    EXPECT_EQ(EncodeHex(key.seed()), example.seed);
    EXPECT_EQ(key.Sign(message).ToHex(), example.signature);
    EXPECT_TRUE(Verify(key.public_key(), message, *Signature::FromHex(example.signature)));
  }
}

TEST(Ed25519Test, AnyChangedBitMakesASignatureInvalid) {
  const SigningKey key = KeyFromHex(kExamples[2].seed);
  const Bytes message = *DecodeHex(kExamples[2].message);
  const Signature signature = key.Sign(message);
  for (std::size_t bit = 0; bit < Signature::kSize * 8; ++bit) {
    Signature changed = signature;
    changed.bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_FALSE(Verify(key.public_key(), message, changed)) << bit;
  }
  for (std::size_t bit = 0; bit < PublicKey::kSize * 8; ++bit) {
    PublicKey changed = key.public_key();
    changed.bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_FALSE(Verify(changed, message, signature)) << bit;
  }
  for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
    Bytes changed = message;
    changed[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_FALSE(Verify(key.public_key(), changed, signature)) << bit;
  }
  EXPECT_FALSE(Verify(key.public_key(), {}, signature));
}

// Under verifiers that miss this check the neutral point "signs" every message.
TEST(Ed25519Test, KeyOfLowOrderVerifiesNothing) {
  PublicKey neutral;
  neutral.bytes[0] = std::byte{1};
  Signature signature;
  signature.bytes[0] = std::byte{1};
  for (const char* message : {"", "any", "message"}) {
    EXPECT_FALSE(Verify(neutral, AsBytes(message), signature));
  }
  EXPECT_FALSE(Verify(PublicKey{}, {}, Signature{}));
}

// S + L is the same number for a verifier that reduces it.
TEST(Ed25519Test, SecondFormOfASignatureIsRefused) {
  const SigningKey key = KeyFromHex(kExamples[0].seed);
  Signature signature = *Signature::FromHex(kExamples[0].signature);
  const Bytes order =
      *DecodeHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry +=
        std::to_integer<unsigned>(signature.bytes[32 + i]) + std::to_integer<unsigned>(order[i]);
    signature.bytes[32 + i] = static_cast<std::byte>(carry & 0xff);
    carry >>= 8;
  }
  ASSERT_EQ(carry, 0u);
  EXPECT_FALSE(Verify(key.public_key(), {}, signature));
}

TEST(SigningKeyTest, IsMadeFromTheGivenEntropy) {
  plasm::testing::FixedEntropy entropy;
  const SigningKey first = SigningKey::Generate(entropy);
  EXPECT_EQ(EncodeHex(first.seed()),
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  EXPECT_NE(SigningKey::Generate(entropy).public_key(), first.public_key());
}

TEST(SigningKeyTest, MovesAndDoesNotCopy) {
  static_assert(!std::is_copy_constructible_v<SigningKey>);
  static_assert(!std::is_copy_assignable_v<SigningKey>);
  SigningKey key = KeyFromHex(kExamples[0].seed);
  const SigningKey moved = std::move(key);
  EXPECT_EQ(moved.Sign({}).ToHex(), kExamples[0].signature);
  key = KeyFromHex(kExamples[1].seed);
  EXPECT_EQ(key.public_key().ToHex(), kExamples[1].public_key);
}

TEST(PublicKeyTest, ReadsExactly64LowerCaseDigits) {
  const std::string hex = kExamples[0].public_key;
  EXPECT_EQ(PublicKey::FromHex(hex)->ToHex(), hex);
  EXPECT_FALSE(PublicKey::FromHex(hex.substr(1)));
  EXPECT_FALSE(PublicKey::FromHex(hex + "00"));
  EXPECT_FALSE(PublicKey::FromHex("D" + hex.substr(1)));
  EXPECT_FALSE(PublicKey::FromHex("local_execution"));
}

}  // namespace
}  // namespace plasm::crypto
