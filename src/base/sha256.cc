// The direct SHA256_* calls, which OpenSSL 3 marks as deprecated in favour of EVP: the first
// EVP digest of a process reads openssl.cnf and sets up providers, about a millisecond, where
// these cost nothing. Same code underneath, SHA-NI included.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/sha256.h"

#include <openssl/sha.h>

#include <new>

#include "base/hex.h"

namespace plasm {
namespace {

constexpr std::string_view kPrefix = "sha256:";

template <class Storage>
SHA256_CTX* State(Storage& storage) {
  static_assert(sizeof(storage) >= sizeof(SHA256_CTX));
  return std::launder(reinterpret_cast<SHA256_CTX*>(storage.data()));
}

}  // namespace

std::string Sha256Digest::ToHex() const { return EncodeHex(bytes); }
std::string Sha256Digest::ToString() const { return std::string(kPrefix) + ToHex(); }

Result<Sha256Digest> Sha256Digest::FromHex(std::string_view text) {
  Sha256Digest digest;
  PLASM_TRY_VOID(DecodeHexTo(text, digest.bytes));
  return digest;
}

Result<Sha256Digest> Sha256Digest::FromString(std::string_view text) {
  if (!text.starts_with(kPrefix)) {
    return Error{ErrorCode::kInvalid, "digest: expected \"sha256:\" and 64 hex digits"};
  }
  return FromHex(text.substr(kPrefix.size()));
}

Sha256::Sha256() {
  new (state_.data()) SHA256_CTX;
  SHA256_Init(State(state_));
}

void Sha256::Update(ByteView bytes) { SHA256_Update(State(state_), bytes.data(), bytes.size()); }

Sha256Digest Sha256::Finish() {
  Sha256Digest digest;
  SHA256_Final(reinterpret_cast<unsigned char*>(digest.bytes.data()), State(state_));
  SHA256_Init(State(state_));
  return digest;
}

Sha256Digest Sha256Of(ByteView bytes) {
  Sha256 hash;
  hash.Update(bytes);
  return hash.Finish();
}

}  // namespace plasm
