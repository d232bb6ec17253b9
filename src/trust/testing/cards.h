// For tests: keys, cards and trusted nodes that are the same in every run.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "crypto/ed25519.h"
#include "crypto/public_key_text.h"
#include "trust/node_card.h"
#include "trust/trust_file.h"

namespace plasm::trust::testing {

inline crypto::SigningKey KeyFrom(unsigned char fill) {
  std::array<std::byte, crypto::SigningKey::kSeedSize> seed;
  seed.fill(std::byte{fill});
  return crypto::SigningKey::FromSeed(seed);
}

inline crypto::PublicKey PublicFrom(unsigned char fill) { return KeyFrom(fill).public_key(); }

inline std::string FingerprintFrom(unsigned char fill) {
  return crypto::Fingerprint(PublicFrom(fill));
}

inline UtcTime Time(std::string_view text) { return *UtcTime::Parse(text); }

// The seeds of node A's keys. Other nodes' keys are made from other numbers.
inline constexpr unsigned char kIdentity = 1;
inline constexpr unsigned char kReceiptKey = 2;
inline constexpr unsigned char kLogKey = 3;
inline constexpr unsigned char kTlsKey = 4;
inline constexpr std::string_view kOrigin = "plasm.invalid/a";

// Node A's card: its keys from 2026 to the end of 2027, the card until the end of 2026.
inline NodeCard ExampleCard() {
  const UtcTime from = Time("2026-01-01T00:00:00Z");
  const UtcTime to = Time("2027-12-31T23:59:59.999Z");
  NodeCard card;
  card.identity = PublicFrom(kIdentity);
  card.name = "node a";
  card.version = 7;
  card.issued = Time("2026-06-01T00:00:00Z");
  card.expires = Time("2026-12-31T23:59:59.999Z");
  card.keys = {
      {.use = KeyUse::kReceipt,
       .key = PublicFrom(kReceiptKey),
       .from = from,
       .to = to,
       .origin = {}},
      {.use = KeyUse::kLog,
       .key = PublicFrom(kLogKey),
       .from = from,
       .to = to,
       .origin = std::string(kOrigin)},
      {.use = KeyUse::kTls, .key = PublicFrom(kTlsKey), .from = from, .to = to, .origin = {}}};
  card.endpoints = {"https://a.invalid:7443/"};
  card.capabilities = {.engine = "wasmtime-48",
                       .arch = "x86_64",
                       .profiles = {"plasm-det-1", "live"},
                       .labels = {{"zone", "north"}, {"gpu", ""}}};
  return card;
}

inline std::string Signed(const NodeCard& card, unsigned char identity = kIdentity) {
  return *SignNodeCard(card, KeyFrom(identity));
}

inline OpenedCard Opened(const NodeCard& card, unsigned char identity = kIdentity) {
  return *OpenNodeCard(AsBytes(Signed(card, identity)));
}

inline TrustedNode NodeA(TrustLevel level = TrustLevel::kSigned) {
  return {.name = "a",
          .identity = PublicFrom(kIdentity),
          .level = level,
          .card_version = {},
          .revoked = {}};
}

// `text` with the one `from` in it replaced; unchanged when it is not there once.
inline std::string With(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  if (at == std::string::npos || text.find(from, at + 1) != std::string::npos) return text;
  return text.replace(at, from.size(), to);
}

}  // namespace plasm::trust::testing
