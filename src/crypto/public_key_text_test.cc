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

TEST(PublicKeyTextTest, AFingerprintHasOneFormForEachDigest) {
  const std::string text = Fingerprint(kKey);
  EXPECT_TRUE(IsFingerprint(text));
  EXPECT_FALSE(IsFingerprint(""));
  EXPECT_FALSE(IsFingerprint(text.substr(7)));
  EXPECT_FALSE(IsFingerprint("MD5:" + text.substr(7)));
  EXPECT_FALSE(IsFingerprint("sha256:" + text.substr(7)));
  EXPECT_FALSE(IsFingerprint(text + "="));
  EXPECT_FALSE(IsFingerprint(text.substr(0, text.size() - 1)));
  EXPECT_FALSE(IsFingerprint(text.substr(0, text.size() - 1) + "9"));  // loose bits
  EXPECT_FALSE(IsFingerprint(text.substr(0, text.size() - 1) + "-"));
}

}  // namespace
}  // namespace plasm::crypto
