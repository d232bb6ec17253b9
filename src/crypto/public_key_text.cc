#include "crypto/public_key_text.h"

#include <string_view>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/sha256.h"

namespace plasm::crypto {
namespace {

// SEQUENCE { SEQUENCE { OID 1.3.101.112 } BIT STRING (32 bytes) }, up to the key.
constexpr std::string_view kSpkiPrefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);

// RFC 8709 section 4: string "ssh-ed25519", then the key as a string.
constexpr std::string_view kSshName = "ssh-ed25519";
constexpr std::string_view kSshPrefix("\0\0\0\x0bssh-ed25519\0\0\0\x20", 19);

constexpr std::string_view kFingerprintPrefix = "SHA256:";
constexpr std::size_t kFingerprintDigits = 43;  // 32 bytes in unpadded base64

Bytes Join(std::string_view prefix, const PublicKey& key) {
  const ByteView head = AsBytes(prefix);
  Bytes joined(head.begin(), head.end());
  joined.insert(joined.end(), key.bytes.begin(), key.bytes.end());
  return joined;
}

}  // namespace

std::string ToPem(const PublicKey& key) {
  // 44 bytes: 60 digits, which fit PEM's one line of 64.
  return "-----BEGIN PUBLIC KEY-----\n" + EncodeBase64(Join(kSpkiPrefix, key)) +
         "\n-----END PUBLIC KEY-----\n";
}

std::string ToOpenSsh(const PublicKey& key) {
  return std::string(kSshName) + " " + EncodeBase64(Join(kSshPrefix, key));
}

std::string Fingerprint(const PublicKey& key) {
  return std::string(kFingerprintPrefix) +
         EncodeBase64Unpadded(Sha256Of(Join(kSshPrefix, key)).bytes);
}

bool IsFingerprint(std::string_view text) {
  if (!text.starts_with(kFingerprintPrefix)) return false;
  text.remove_prefix(kFingerprintPrefix.size());
  return text.size() == kFingerprintDigits && DecodeBase64(std::string(text) + "=").has_value();
}

}  // namespace plasm::crypto
