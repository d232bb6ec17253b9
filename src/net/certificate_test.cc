#include "net/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string>

#include "base/testing/fixed_entropy.h"
#include "net/tls_identity.h"

namespace plasm::net {
namespace {

const CertificateNames kNames{"node", {"node.example", "localhost"}, {"127.0.0.1", "2001:db8::7"}};

crypto::SigningKey Key(unsigned char number = 1) {
  testing::FixedEntropy entropy(number);
  return crypto::SigningKey::Generate(entropy);
}

std::string Pem(const crypto::SigningKey& key, const CertificateNames& names,
                const CertificateValidity& validity = {}) {
  const auto certificate = MakeCertificate(key, names, validity);
  EXPECT_TRUE(certificate) << certificate.error().message;
  return CertificatePem(**certificate);
}

X509Ptr KeyCertificate(int kind, std::string_view raw) {
  X509Ptr certificate(X509_new());
  const std::unique_ptr<EVP_PKEY, FreeEvpKey> key(EVP_PKEY_new_raw_public_key(
      kind, nullptr, reinterpret_cast<const unsigned char*>(raw.data()), raw.size()));
  EXPECT_EQ(X509_set_pubkey(certificate.get(), key.get()), 1);
  return certificate;
}

TEST(CertificateTest, IsMadeOfItsInputsAlone) {
  const std::string pem = Pem(Key(), kNames);
  EXPECT_EQ(Pem(Key(), kNames), pem);
  EXPECT_NE(Pem(Key(2), kNames), pem);
  EXPECT_NE(Pem(Key(), {"other", kNames.dns_names, kNames.ip_addresses}), pem);
  EXPECT_NE(Pem(Key(), kNames, {.not_before = 0, .not_after = 1}), pem);
}

TEST(CertificateTest, HasTheNamesAndSignsItself) {
  const auto certificate = MakeCertificate(Key(), kNames);
  ASSERT_TRUE(certificate);
  X509* x509 = certificate->get();
  EXPECT_EQ(X509_check_host(x509, "node.example", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_host(x509, "other.example", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_check_ip_asc(x509, "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(x509, "2001:db8::7", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(x509, "127.0.0.2", 0), 0);
  EXPECT_EQ(X509_verify(x509, X509_get0_pubkey(x509)), 1);
  EXPECT_EQ(X509_get_version(x509), X509_VERSION_3);
  EXPECT_FALSE(ASN1_STRING_length(X509_get0_serialNumber(x509)) == 0);
  EXPECT_LE(X509_cmp_current_time(X509_get0_notBefore(x509)), 0);
  EXPECT_GT(X509_cmp_current_time(X509_get0_notAfter(x509)), 0);
  EXPECT_EQ(X509_check_ca(x509), 0);
}

TEST(CertificateTest, GivesItsKeyBack) {
  const auto key = Key();
  const auto certificate = MakeCertificate(key, {"x", {}, {}});
  ASSERT_TRUE(certificate);
  const auto found = KeyOf(**certificate);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(*found, key.public_key());
}

TEST(CertificateTest, RefusesNamesThatItCanNotCarry) {
  const auto refused = [](const CertificateNames& names) {
    const auto certificate = MakeCertificate(Key(), names);
    return !certificate && certificate.error().code == ErrorCode::kInvalid;
  };
  EXPECT_TRUE(refused({"", {}, {}}));
  EXPECT_TRUE(refused({std::string(65, 'x'), {}, {}}));
  EXPECT_TRUE(refused({"a\nb", {}, {}}));
  EXPECT_TRUE(refused({"x", {""}, {}}));
  EXPECT_TRUE(refused({"x", {"a b"}, {}}));
  EXPECT_TRUE(refused({"x", {std::string("a\0b", 3)}, {}}));
  EXPECT_TRUE(refused({"x", {}, {"localhost"}}));
  EXPECT_TRUE(refused({"x", {}, {"1.2.3"}}));
}

TEST(CertificateTest, KeysOfOtherKindsAndOfLowOrderAreDenied) {
  const std::string low_order = "\x01" + std::string(31, '\0');
  EXPECT_EQ(KeyOf(*KeyCertificate(EVP_PKEY_ED25519, low_order)).error().code, ErrorCode::kDenied);
  EXPECT_EQ(KeyOf(*KeyCertificate(EVP_PKEY_ED25519, std::string(32, '\0'))).error().code,
            ErrorCode::kDenied);
  EXPECT_EQ(KeyOf(*KeyCertificate(EVP_PKEY_X25519, std::string(32, '\x09'))).error().code,
            ErrorCode::kDenied);
  EXPECT_EQ(KeyOf(*X509Ptr(X509_new())).error().code, ErrorCode::kDenied);
}

}  // namespace
}  // namespace plasm::net
