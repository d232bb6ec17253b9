#include "crypto/ed25519.h"

#include <sodium.h>

#include <cstdlib>
#include <cstring>

#include "base/hex.h"
#include "crypto/secret_array.h"

namespace plasm::crypto {
namespace {

static_assert(PublicKey::kSize == crypto_sign_PUBLICKEYBYTES);
static_assert(Signature::kSize == crypto_sign_BYTES);
static_assert(SigningKey::kSeedSize == crypto_sign_SEEDBYTES);

// Chooses the implementation for this processor and seeds the allocator's canaries: once.
void EnsureSodium() {
  static const bool ready = sodium_init() >= 0;
  if (!ready) std::abort();
}

const unsigned char* Raw(ByteView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
template <std::size_t N>
unsigned char* Raw(std::array<std::byte, N>& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace

std::string PublicKey::ToHex() const { return EncodeHex(bytes); }
std::string Signature::ToHex() const { return EncodeHex(bytes); }

Result<PublicKey> PublicKey::FromHex(std::string_view text) {
  PublicKey key;
  PLASM_TRY_VOID(DecodeHexTo(text, key.bytes));
  return key;
}

Result<Signature> Signature::FromHex(std::string_view text) {
  Signature signature;
  PLASM_TRY_VOID(DecodeHexTo(text, signature.bytes));
  return signature;
}

void SigningKey::Wipe::operator()(unsigned char* secret) const { sodium_free(secret); }

SigningKey SigningKey::FromSeed(SeedView seed) {
  EnsureSodium();
  SigningKey key;
  // Between guard pages, locked if the limit allows it, wiped when freed.
  key.secret_.reset(static_cast<unsigned char*>(sodium_malloc(crypto_sign_SECRETKEYBYTES)));
  if (!key.secret_) std::abort();  // out of memory
  crypto_sign_seed_keypair(Raw(key.public_key_.bytes), key.secret_.get(), Raw(seed));
  return key;
}

SigningKey SigningKey::Generate(Entropy& entropy) {
  SecretArray<kSeedSize> seed;
  entropy.Fill(seed.bytes);
  return FromSeed(seed.bytes);
}

SigningKey::SeedView SigningKey::seed() const {
  return SeedView(reinterpret_cast<const std::byte*>(secret_.get()), kSeedSize);
}

Signature SigningKey::Sign(ByteView message) const {
  Signature signature;
  crypto_sign_detached(Raw(signature.bytes), nullptr, Raw(message), message.size(), secret_.get());
  return signature;
}

bool Verify(const PublicKey& key, ByteView message, const Signature& signature) {
  EnsureSodium();
  return crypto_sign_verify_detached(Raw(signature.bytes), Raw(message), message.size(),
                                     Raw(key.bytes)) == 0;
}

}  // namespace plasm::crypto
