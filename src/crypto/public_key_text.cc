#include "crypto/public_key_text.h"

#include <algorithm>
#include <string_view>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/quote.h"
#include "base/sha256.h"

namespace plasm::crypto {
namespace {

// SEQUENCE { SEQUENCE { OID 1.3.101.112 } BIT STRING (32 bytes) }, up to the key.
constexpr std::string_view kSpkiPrefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);

// RFC 8709 section 4: string "ssh-ed25519", then the key as a string.
constexpr std::string_view kSshName = "ssh-ed25519";
constexpr std::string_view kSshPrefix("\0\0\0\x0bssh-ed25519\0\0\0\x20", 19);

constexpr std::string_view kPemBegin = "-----BEGIN PUBLIC KEY-----\n";
constexpr std::string_view kPemEnd = "\n-----END PUBLIC KEY-----";

constexpr std::string_view kFingerprintPrefix = "SHA256:";
constexpr std::size_t kFingerprintDigits = 43;  // 32 bytes in unpadded base64

Bytes Join(std::string_view prefix, const PublicKey& key) {
  const ByteView head = AsBytes(prefix);
  Bytes joined(head.begin(), head.end());
  joined.insert(joined.end(), key.bytes.begin(), key.bytes.end());
  return joined;
}

// The inverse of base64 after Join. `digits` is not much longer than it should be.
Result<PublicKey> Split(std::string_view prefix, std::string_view digits) {
  PLASM_TRY(const Bytes joined, DecodeBase64(digits));
  if (joined.size() != prefix.size() + PublicKey::kSize || !AsText(joined).starts_with(prefix)) {
    return Error{ErrorCode::kInvalid, "found another kind of key, expected an Ed25519 one"};
  }
  PublicKey key;
  std::ranges::copy(ByteView(joined).subspan(prefix.size()), key.bytes.begin());
  return key;
}

}  // namespace

std::string ToPem(const PublicKey& key) {
  // 44 bytes: 60 digits, which fit PEM's one line of 64.
  return std::string(kPemBegin) + EncodeBase64(Join(kSpkiPrefix, key)) + std::string(kPemEnd) +
         "\n";
}

Result<PublicKey> FromPem(std::string_view text) {
  constexpr std::size_t kDigits = 60;
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.size() != kPemBegin.size() + kDigits + kPemEnd.size() || !text.starts_with(kPemBegin) ||
      !text.ends_with(kPemEnd)) {
    return Error{
        ErrorCode::kInvalid,
        "not the PEM of an Ed25519 public key: expected what `openssl pkey -pubout` prints"};
  }
  auto key = Split(kSpkiPrefix, text.substr(kPemBegin.size(), kDigits));
  if (!key) {
    return Error{ErrorCode::kInvalid,
                 "not the PEM of an Ed25519 public key: " + key.error().message};
  }
  return key;
}

std::string ToOpenSsh(const PublicKey& key) {
  return std::string(kSshName) + " " + EncodeBase64(Join(kSshPrefix, key));
}

Result<PublicKey> FromOpenSsh(std::string_view text) {
  constexpr std::size_t kDigits = 68;
  if (text.size() != kSshName.size() + 1 + kDigits || !text.starts_with(kSshName) ||
      text[kSshName.size()] != ' ') {
    return Error{ErrorCode::kInvalid,
                 "found " + Quote(text) + ", expected ssh-ed25519 and 68 base64 digits"};
  }
  auto key = Split(kSshPrefix, text.substr(kSshName.size() + 1));
  if (!key) return Error{ErrorCode::kInvalid, "found " + Quote(text) + ": " + key.error().message};
  return key;
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
