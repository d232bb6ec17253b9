#include "receipt/receipt_v1_verify.h"

#include "crypto/public_key_text.h"

namespace plasm::receipt {
namespace {

std::string Reason(Verdict verdict, const ReceiptV1& receipt) {
  const std::string key = crypto::Fingerprint(receipt.node_pubkey) + " (node_pubkey " +
                          receipt.node_pubkey.ToHex() + ")";
  switch (verdict) {
    case Verdict::kBadSignature:
      return "the signature is not that of key " + key + " over these fields";
    case Verdict::kUnknownKey:
      return "the signature is right, but key " + key + " is neither pinned nor given";
    case Verdict::kWrongKey:
      return "signed by key " + key + ", which is not the given one";
    default:
      return {};
  }
}

}  // namespace

Verdict VerifyReceiptV1(const ReceiptV1& receipt, const TrustedKeys& trusted) {
  const Sha256Digest digest = SignedDigestV1(receipt.version, receipt.fields);
  if (!crypto::Verify(receipt.node_pubkey, digest.bytes, receipt.signature)) {
    return Verdict::kBadSignature;
  }
  if (trusted.demanded) {
    return receipt.node_pubkey == *trusted.demanded ? Verdict::kValidLegacyUnbound
                                                    : Verdict::kWrongKey;
  }
  return trusted.pinned.contains(receipt.node_pubkey) ? Verdict::kValidLegacyUnbound
                                                      : Verdict::kUnknownKey;
}

VerifiedReceiptV1 VerifyReceiptV1(ByteView json, const TrustedKeys& trusted) {
  auto receipt = ParseReceiptV1(json);
  if (!receipt) return {Verdict::kMalformed, receipt.error().message, std::nullopt};
  const Verdict verdict = VerifyReceiptV1(*receipt, trusted);
  std::string reason = Reason(verdict, *receipt);
  return {verdict, std::move(reason), *std::move(receipt)};
}

}  // namespace plasm::receipt
