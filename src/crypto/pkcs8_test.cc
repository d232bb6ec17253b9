#include "crypto/pkcs8.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/base64.h"
#include "base/hex.h"

namespace plasm::crypto {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The first key of RFC 8032, as openssl 3.0.22 writes it.
constexpr const char* kSeed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const std::string kDigits = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";
const std::string kPem =
    "-----BEGIN PRIVATE KEY-----\n" + kDigits + "\n-----END PRIVATE KEY-----\n";

std::string PemOf(std::string_view hex_der) {
  return "-----BEGIN PRIVATE KEY-----\n" + EncodeBase64(*DecodeHex(hex_der)) +
         "\n-----END PRIVATE KEY-----\n";
}

bool Accepts(std::string_view pem) { return ParsePkcs8Pem(AsBytes(pem)).has_value(); }

TEST(Pkcs8Test, ReadsWhatOpensslWrites) {
  const auto key = ParsePkcs8Pem(AsBytes(kPem));
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(EncodeHex(key->seed()), kSeed);
}

TEST(Pkcs8Test, WritesWhatOpensslWrites) {
  Pkcs8Pem pem;
  WritePkcs8Pem(*ParsePkcs8Pem(AsBytes(kPem)), pem);
  EXPECT_EQ(AsText(pem.bytes), kPem);
}

TEST(Pkcs8Test, LastLineEndMayBeMissing) { EXPECT_TRUE(Accepts(kPem.substr(0, kPem.size() - 1))); }

TEST(Pkcs8Test, RefusesEveryOtherDer) {
  const std::string seed = kSeed;
  EXPECT_TRUE(Accepts(PemOf("302e020100300506032b657004220420" + seed)));
  for (const std::string& der :
       {"302e020101300506032b657004220420" + seed,             // version 2
        "302e020100300506032b656f04220420" + seed,             // X25519
        "302e020100300506032b657104220420" + seed,             // Ed448
        "302f020100300506032b657004220420" + seed,             // length
        "302e020100300506032b657004210420" + seed,             // length
        "302e020100300506032b65700422041f" + seed,             // length
        "302e020100300506032b657004220420" + seed + "000000",  // more behind it
        "302b020100300506032b657004220420" + seed.substr(6),   // shorter
        std::string(96, '0')}) {
    EXPECT_FALSE(Accepts(PemOf(der))) << der;
  }
}

TEST(Pkcs8Test, RefusesEveryChangeOutsideTheSeed) {
  // The first 21 digits and a bit hold the DER header; the frame is text.
  const std::size_t seed_starts = 28 + 21;
  const std::size_t seed_ends = 28 + 64;
  for (std::size_t i = 0; i < kPem.size(); ++i) {
    if (i >= seed_starts && i < seed_ends) continue;
    std::string changed = kPem;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(Accepts(changed)) << i;
  }
  for (std::size_t size = 0; size < kPem.size() - 1; ++size) {
    EXPECT_FALSE(Accepts(kPem.substr(0, size))) << size;
  }
  for (const std::string& text : {kPem + "\n", kPem + kPem, "\n" + kPem, " " + kPem}) {
    EXPECT_FALSE(Accepts(text));
  }
}

TEST(Pkcs8Test, TakesNothingButDigitsOfTheStandardAlphabet) {
  const std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int value = 0; value < 256; ++value) {
    std::string changed = kPem;
    changed[28 + 40] = static_cast<char>(value);
    EXPECT_EQ(Accepts(changed), alphabet.find(static_cast<char>(value)) != std::string_view::npos)
        << value;
  }
}

TEST(Pkcs8Test, SaysWhatItFoundAndNothingOfTheContent) {
  const auto message = [](const std::string& text) {
    return ParsePkcs8Pem(AsBytes(text)).error().message;
  };
  EXPECT_THAT(message(""), HasSubstr("an empty file"));
  EXPECT_THAT(message("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"), HasSubstr("an encrypted key"));
  EXPECT_THAT(message("-----BEGIN OPENSSH PRIVATE KEY-----\n"), HasSubstr("OpenSSH"));
  EXPECT_THAT(message("-----BEGIN PUBLIC KEY-----\n"), HasSubstr("a public key"));
  EXPECT_THAT(message("-----BEGIN CERTIFICATE-----\n"), HasSubstr("PEM of another kind"));
  EXPECT_THAT(message(kDigits), HasSubstr("something else"));
  EXPECT_THAT(message(kPem + "x"), Not(HasSubstr(kDigits.substr(0, 8))));
}

}  // namespace
}  // namespace plasm::crypto
