// Whether a receipt v1 is to be believed, and by whose word.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "base/bytes.h"
#include "crypto/ed25519.h"
#include "receipt/receipt_v1.h"
#include "receipt/verdict.h"

namespace plasm::receipt {

// Where trust comes from: never from the receipt. The caller decides which keys are pinned.
struct TrustedKeys {
  std::set<crypto::PublicKey> pinned;
  // When set, the receipt must name this key; the pinned ones don't count.
  std::optional<crypto::PublicKey> demanded;
};

// kValidLegacyUnbound, kBadSignature, kUnknownKey or kWrongKey. A wrong signature is
// reported as such, whatever the key.
Verdict VerifyReceiptV1(const ReceiptV1& receipt, const TrustedKeys& trusted);

struct VerifiedReceiptV1 {
  Verdict verdict;
  std::string reason;                // for people: what exactly is wrong; empty when valid
  std::optional<ReceiptV1> receipt;  // empty when malformed
};

// The same from the bytes of a file: kMalformed for what ParseReceiptV1 refuses.
VerifiedReceiptV1 VerifyReceiptV1(ByteView json, const TrustedKeys& trusted);

}  // namespace plasm::receipt
