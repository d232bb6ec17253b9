// DSSE v1 envelopes (spec/receipt.md section 1): bytes with a type, and who signed them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "base/sha256.h"
#include "crypto/ed25519.h"

namespace plasm::receipt {

struct EnvelopeSignature {
  std::string keyid;  // "SHA256:…", a hint that nobody has signed
  crypto::Signature signature;

  friend bool operator==(const EnvelopeSignature&, const EnvelopeSignature&) = default;
};

// Well-formed; whether a signature is right is another question (VerifyEnvelope).
struct Envelope {
  std::string payload_type;
  Bytes payload;
  std::vector<EnvelopeSignature> signatures;

  friend bool operator==(const Envelope&, const Envelope&) = default;
};

// What a reader of one kind of document takes. Each kind has its own `payload_type`, so that
// a signature over one is worth nothing over another.
struct EnvelopeForm {
  std::string_view payload_type;
  std::size_t max_bytes;          // of the envelope
  std::size_t max_payload_bytes;  // decoded
  std::size_t max_signatures = 1;
};

// The bytes that are signed: DSSE's pre-authentication encoding.
Bytes PreAuthEncoding(std::string_view payload_type, ByteView payload);
// Its digest, without making it.
Sha256Digest PreAuthDigest(std::string_view payload_type, ByteView payload);

// Reads one JSON object with exactly the members of section 1, none twice. kInvalid for
// everything else, another payload type included; kLimitExceeded beyond the form's sizes.
Result<Envelope> ParseEnvelope(ByteView json, const EnvelopeForm& form);

// One signature, pure Ed25519, with the key's fingerprint as its keyid.
Envelope SignEnvelope(std::string payload_type, Bytes payload, const crypto::SigningKey& key);

// Whether the envelope has exactly one signature and it is the key's. The keyid is not looked
// at. Thread-safe.
[[nodiscard]] bool VerifyEnvelope(const Envelope& envelope, const crypto::PublicKey& key);

void WriteEnvelope(const Envelope& envelope, JsonWriter& json);
std::string SerializeEnvelope(const Envelope& envelope);

}  // namespace plasm::receipt
