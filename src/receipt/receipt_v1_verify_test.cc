#include "receipt/receipt_v1_verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/testing/fixed_entropy.h"

namespace plasm::receipt {
namespace {

using ::testing::HasSubstr;

class ReceiptV1VerifyTest : public ::testing::Test {
 protected:
  static crypto::SigningKey Key(unsigned char first) {
    plasm::testing::FixedEntropy entropy(first);
    return crypto::SigningKey::Generate(entropy);
  }

  const crypto::SigningKey key_ = Key(1);
  const crypto::SigningKey other_ = Key(99);
  const ReceiptV1 receipt_ = SignReceiptV1({.module_hash = Sha256Of(AsBytes("module")),
                                            .exit_code = 3,
                                            .wall_time_ms = 12,
                                            .timestamp = 1795380686},
                                           key_);
  const TrustedKeys nobody_;
  const TrustedKeys pinned_{.pinned = {key_.public_key()}, .demanded = {}};
};

TEST_F(ReceiptV1VerifyTest, PinnedKeyIsEnough) {
  EXPECT_EQ(VerifyReceiptV1(receipt_, pinned_), Verdict::kValidLegacyUnbound);
}

TEST_F(ReceiptV1VerifyTest, RightSignatureOfAnUnknownKeyIsNotValid) {
  EXPECT_EQ(VerifyReceiptV1(receipt_, nobody_), Verdict::kUnknownKey);
  EXPECT_EQ(VerifyReceiptV1(receipt_, {.pinned = {other_.public_key()}, .demanded = {}}),
            Verdict::kUnknownKey);
}

TEST_F(ReceiptV1VerifyTest, DemandedKeyDecidesAlone) {
  EXPECT_EQ(VerifyReceiptV1(receipt_, {.pinned = {}, .demanded = key_.public_key()}),
            Verdict::kValidLegacyUnbound);
  EXPECT_EQ(
      VerifyReceiptV1(receipt_, {.pinned = {key_.public_key()}, .demanded = other_.public_key()}),
      Verdict::kWrongKey);
}

TEST_F(ReceiptV1VerifyTest, EverySingleFieldChangeFails) {
  const std::pair<const char*, std::function<void(ReceiptV1&)>> changes[] = {
      {"version", [](ReceiptV1& r) { r.version = "0.2"; }},
      {"version length", [](ReceiptV1& r) { r.version = "0.10"; }},
      {"module_hash", [](ReceiptV1& r) { r.fields.module_hash.bytes[31] ^= std::byte{1}; }},
      {"exit_code", [](ReceiptV1& r) { r.fields.exit_code = 0; }},
      {"wall_time_ms", [](ReceiptV1& r) { ++r.fields.wall_time_ms; }},
      {"timestamp", [](ReceiptV1& r) { --r.fields.timestamp; }},
      {"node_pubkey", [this](ReceiptV1& r) { r.node_pubkey = other_.public_key(); }},
      {"signature", [](ReceiptV1& r) { r.signature.bytes[0] ^= std::byte{1}; }}};
  for (const auto& [name, change] : changes) {
    ReceiptV1 changed = receipt_;
    change(changed);
    EXPECT_EQ(VerifyReceiptV1(changed, pinned_), Verdict::kBadSignature) << name;
    EXPECT_EQ(VerifyReceiptV1(changed, nobody_), Verdict::kBadSignature) << name;
  }
}

// A digit moved across the separator must not give the same message.
TEST_F(ReceiptV1VerifyTest, FieldsDoNotRunTogether) {
  ReceiptV1 a = SignReceiptV1({receipt_.fields.module_hash, 1, 23, 4}, key_);
  ReceiptV1 b = a;
  b.fields.exit_code = 12;
  b.fields.wall_time_ms = 3;
  EXPECT_EQ(VerifyReceiptV1(a, pinned_), Verdict::kValidLegacyUnbound);
  EXPECT_EQ(VerifyReceiptV1(b, pinned_), Verdict::kBadSignature);
}

TEST_F(ReceiptV1VerifyTest, SignatureOverTheMessageItselfIsRefused) {
  ReceiptV1 changed = receipt_;
  changed.signature =
      key_.Sign(AsBytes("0.1|" + receipt_.fields.module_hash.ToString() + "|3|12|1795380686"));
  EXPECT_EQ(VerifyReceiptV1(changed, pinned_), Verdict::kBadSignature);
}

TEST_F(ReceiptV1VerifyTest, KeyOfLowOrderIsNeverValidEvenWhenPinned) {
  ReceiptV1 forged = receipt_;
  forged.node_pubkey = {};
  forged.node_pubkey.bytes[0] = std::byte{1};
  forged.signature = {};
  forged.signature.bytes[0] = std::byte{1};
  EXPECT_EQ(VerifyReceiptV1(forged, {.pinned = {forged.node_pubkey}, .demanded = {}}),
            Verdict::kBadSignature);
}

TEST_F(ReceiptV1VerifyTest, FromBytesSaysWhatIsWrong) {
  const std::string text = SerializeReceiptV1(receipt_, JsonStyle::kPretty);
  const auto valid = VerifyReceiptV1(AsBytes(text), pinned_);
  EXPECT_EQ(valid.verdict, Verdict::kValidLegacyUnbound);
  EXPECT_EQ(valid.reason, "");
  EXPECT_EQ(valid.receipt, receipt_);

  const auto unknown = VerifyReceiptV1(AsBytes(text), nobody_);
  EXPECT_EQ(unknown.verdict, Verdict::kUnknownKey);
  EXPECT_THAT(unknown.reason, HasSubstr(key_.public_key().ToHex()));
  EXPECT_THAT(unknown.reason, HasSubstr("SHA256:"));

  const auto malformed = VerifyReceiptV1(AsBytes("{}"), pinned_);
  EXPECT_EQ(malformed.verdict, Verdict::kMalformed);
  EXPECT_EQ(malformed.reason, "receipt: missing key \"version\"");
  EXPECT_FALSE(malformed.receipt);
}

}  // namespace
}  // namespace plasm::receipt
