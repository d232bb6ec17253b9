#include "crypto/pkcs8.h"

#include <sodium/utils.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "crypto/constant_time.h"

namespace plasm::crypto {
namespace {

constexpr std::string_view kBegin = "-----BEGIN PRIVATE KEY-----\n";
constexpr std::string_view kEnd = "-----END PRIVATE KEY-----\n";

// SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING (32) } },
// up to the seed.
constexpr std::string_view kDerPrefix(
    "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);
constexpr std::size_t kDerSize = kDerPrefix.size() + SigningKey::kSeedSize;
constexpr std::size_t kDigits = kDerSize / 3 * 4;
static_assert(kDerSize % 3 == 0);  // so there is no padding
static_assert(kPkcs8PemSize == kBegin.size() + kDigits + 1 + kEnd.size());

Error Invalid(std::string_view found) {
  return {ErrorCode::kInvalid, "found " + std::string(found) +
                                   ", expected an unencrypted Ed25519 private key in PEM (PKCS#8)"};
}

std::string_view Describe(std::string_view text) {
  if (text.empty()) return "an empty file";
  if (text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----")) return "an encrypted key";
  if (text.starts_with("-----BEGIN OPENSSH PRIVATE KEY-----")) return "a key in OpenSSH's format";
  if (text.starts_with("-----BEGIN PUBLIC KEY-----")) return "a public key";
  if (text.starts_with("-----BEGIN PRIVATE KEY-----")) return "a key of another kind, or damaged";
  if (text.starts_with("-----BEGIN ")) return "PEM of another kind";
  return "something else";
}

}  // namespace

void WritePkcs8Pem(const SigningKey& key, Pkcs8Pem& out) {
  SecretArray<kDerSize> der;
  const auto seed_at = std::ranges::copy(AsBytes(kDerPrefix), der.bytes.begin()).out;
  std::ranges::copy(key.seed(), seed_at);

  SecretArray<kDigits + 1> digits;  // and the zero that libsodium appends
  sodium_bin2base64(reinterpret_cast<char*>(digits.bytes.data()), digits.bytes.size(),
                    reinterpret_cast<const unsigned char*>(der.bytes.data()), der.bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);

  auto at = std::ranges::copy(AsBytes(kBegin), out.bytes.begin()).out;
  at = std::ranges::copy_n(digits.bytes.begin(), kDigits, at).out;
  *at++ = std::byte{'\n'};
  std::ranges::copy(AsBytes(kEnd), at);
}

Result<SigningKey> ParsePkcs8Pem(ByteView pem) {
  const std::string_view text = AsText(pem);
  if (text.size() != kPkcs8PemSize && text.size() != kPkcs8PemSize - 1) {
    return Invalid(Describe(text));
  }
  SecretArray<kDerSize> der;
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(der.bytes.data()), der.bytes.size(),
                        text.data() + kBegin.size(), kDigits, nullptr, &size, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0 ||
      size != kDerSize) {
    return Invalid(Describe(text));
  }
  SigningKey key = SigningKey::FromSeed(std::span(der.bytes).last<SigningKey::kSeedSize>());
  // One check for the frame, the DER header and the spelling of the digits: libsodium 1.0.18
  // takes some bytes above 0x7f for digits.
  Pkcs8Pem canonical;
  WritePkcs8Pem(key, canonical);
  if (!EqualInConstantTime(ByteView(canonical.bytes).first(text.size()), pem)) {
    return Invalid(Describe(text));
  }
  return key;
}

}  // namespace plasm::crypto
