// SHA-256 by OpenSSL.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace plasm {

struct Sha256Digest {
  static constexpr std::size_t kSize = 32;
  std::array<std::byte, kSize> bytes{};

  friend auto operator<=>(const Sha256Digest&, const Sha256Digest&) = default;

  std::string ToHex() const;
  // "sha256:<64 hex digits>", as manifests and receipts name a module.
  std::string ToString() const;

  // kInvalid unless text is exactly what ToHex or ToString produces.
  static Result<Sha256Digest> FromHex(std::string_view text);
  static Result<Sha256Digest> FromString(std::string_view text);
};

// The digest of bytes that are all at hand.
Sha256Digest Sha256Of(ByteView bytes);

// The digest of bytes that come in pieces. A copy goes on independently from the same
// point. One thread at a time.
class Sha256 {
 public:
  Sha256();
  void Update(ByteView bytes);
  // The digest of all bytes so far; starts over afterwards.
  Sha256Digest Finish();

 private:
  // Room for the library's state, whose type stays out of this header.
  alignas(8) std::array<std::byte, 112> state_;
};

}  // namespace plasm

template <>
struct std::hash<plasm::Sha256Digest> {
  std::size_t operator()(const plasm::Sha256Digest& digest) const noexcept {
    std::size_t prefix;  // a digest's bytes are as good as any hash of them
    std::memcpy(&prefix, digest.bytes.data(), sizeof(prefix));
    return prefix;
  }
};
