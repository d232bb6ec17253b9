#include "crypto/public_key_text.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm::crypto {
namespace {

// What openssl 3.0.22 and OpenSSH 9.2 print for the first key of RFC 8032.
const PublicKey kKey =
    *PublicKey::FromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

TEST(PublicKeyTextTest, PemIsWhatOpensslPrints) {
  EXPECT_EQ(ToPem(kKey),
            "-----BEGIN PUBLIC KEY-----\n"
            "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
            "-----END PUBLIC KEY-----\n");
}

TEST(PublicKeyTextTest, OpenSshLineIsWhatAuthorizedKeysHolds) {
  EXPECT_EQ(ToOpenSsh(kKey),
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea");
}

TEST(PublicKeyTextTest, FingerprintIsWhatSshKeygenShows) {
  EXPECT_EQ(Fingerprint(kKey), "SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8");
}

TEST(PublicKeyTextTest, ReadsWhatItWrites) {
  const auto from_pem = FromPem(ToPem(kKey));
  ASSERT_TRUE(from_pem);
  EXPECT_EQ(*from_pem, kKey);
  const auto from_openssh = FromOpenSsh(ToOpenSsh(kKey));
  ASSERT_TRUE(from_openssh);
  EXPECT_EQ(*from_openssh, kKey);
}

TEST(PublicKeyTextTest, PemMayLackItsLastLineEnd) {
  std::string pem = ToPem(kKey);
  pem.pop_back();
  EXPECT_TRUE(FromPem(pem));
}

TEST(PublicKeyTextTest, PemInAnyOtherFormIsRefused) {
  const std::string pem = ToPem(kKey);
  std::string crlf;
  for (const char c : pem) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  for (const std::string& bad : {std::string(), crlf, pem + "\n", "\n" + pem, " " + pem, pem + pem,
                                 pem.substr(0, pem.size() / 2)}) {
    EXPECT_FALSE(FromPem(bad)) << bad;
  }
}

TEST(PublicKeyTextTest, EveryChangedOrMissingByteIsRefusedOrAnotherKey) {
  const std::string pem = ToPem(kKey);
  const std::string line = ToOpenSsh(kKey);
  for (std::size_t i = 0; i + 1 < pem.size(); ++i) {
    std::string changed = pem;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    const auto key = FromPem(changed);
    EXPECT_TRUE(!key || *key != kKey) << i;
    EXPECT_FALSE(FromPem(pem.substr(0, i))) << i;
  }
  for (std::size_t i = 0; i < line.size(); ++i) {
    std::string changed = line;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    const auto key = FromOpenSsh(changed);
    EXPECT_TRUE(!key || *key != kKey) << i;
    EXPECT_FALSE(FromOpenSsh(line.substr(0, i))) << i;
  }
}

TEST(PublicKeyTextTest, PemOfAnotherKindOfKeyIsRefused) {
  // X25519 (1.3.101.110): the same length, another purpose.
  const std::string x25519 =
      "-----BEGIN PUBLIC KEY-----\n"
      "MCowBQYDK2VuAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
      "-----END PUBLIC KEY-----\n";
  EXPECT_FALSE(FromPem(x25519));
}

TEST(PublicKeyTextTest, OpenSshLineTakesNoCommentNoBlanksAndNoOtherKind) {
  const std::string line = ToOpenSsh(kKey);
  std::string two_blanks = line;
  two_blanks.insert(11, " ");
  std::string tab = line;
  tab[11] = '\t';
  for (const std::string& bad :
       {std::string(), line + " me@here", line + "\n", line + " ", " " + line, two_blanks, tab,
        "ssh-ed25518" + line.substr(11), line + "AAAA", line.substr(12)}) {
    EXPECT_FALSE(FromOpenSsh(bad)) << bad;
  }
}

TEST(PublicKeyTextTest, AFingerprintHasOneForm) {
  const std::string fingerprint = Fingerprint(kKey);
  EXPECT_TRUE(IsFingerprint(fingerprint));
  // The last of 43 digits carries four bits; the others have to be zero.
  for (const std::string& bad :
       {std::string(), fingerprint.substr(7), fingerprint + "=", fingerprint + "A",
        "sha256:" + fingerprint.substr(7), "MD5:" + fingerprint.substr(7),
        fingerprint.substr(0, 49) + "9", fingerprint.substr(0, 49) + "-"}) {
    EXPECT_FALSE(IsFingerprint(bad)) << bad;
  }
}

}  // namespace
}  // namespace plasm::crypto
