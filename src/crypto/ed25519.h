// Ed25519 by libsodium, whose verification refuses keys and signatures of low order and
// encodings that are not canonical.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/entropy.h"
#include "base/result.h"

namespace plasm::crypto {

struct PublicKey {
  static constexpr std::size_t kSize = 32;
  std::array<std::byte, kSize> bytes{};

  friend auto operator<=>(const PublicKey&, const PublicKey&) = default;

  // Hex is lower case. Any 32 bytes are accepted here: whether they are a usable key shows
  // when a signature is verified.
  std::string ToHex() const;
  static Result<PublicKey> FromHex(std::string_view text);
};

struct Signature {
  static constexpr std::size_t kSize = 64;
  std::array<std::byte, kSize> bytes{};

  friend auto operator<=>(const Signature&, const Signature&) = default;

  std::string ToHex() const;
  static Result<Signature> FromHex(std::string_view text);
};

// A secret key. It lives in memory that is kept out of core dumps and, where the system
// allows, out of swap, and that is wiped when the object ends. Move-only; a moved-from key
// may only be assigned to or destroyed. Signing is thread-safe.
class SigningKey {
 public:
  static constexpr std::size_t kSeedSize = 32;
  using SeedView = std::span<const std::byte, kSeedSize>;

  // The caller wipes its own copy of the seed.
  static SigningKey FromSeed(SeedView seed);
  static SigningKey Generate(Entropy& entropy);

  const PublicKey& public_key() const { return public_key_; }

  // The secret itself; valid as long as this object. Only for writing key files.
  SeedView seed() const;

  // Signs the message as it is (pure Ed25519); the same message gives the same signature.
  Signature Sign(ByteView message) const;

 private:
  struct Wipe {
    void operator()(unsigned char* secret) const;
  };
  SigningKey() = default;

  std::unique_ptr<unsigned char, Wipe> secret_;  // seed and public key, as libsodium has it
  PublicKey public_key_;
};

// Whether `signature` is the key's, over exactly this message. Thread-safe.
[[nodiscard]] bool Verify(const PublicKey& key, ByteView message, const Signature& signature);

}  // namespace plasm::crypto
