// Receipts that the first system signed.
#include <gtest/gtest.h>

#include <string>

#include "base/file.h"
#include "base/testing/shared_data.h"
#include "receipt/receipt_v1_verify.h"

namespace plasm::receipt {
namespace {

class OriginalReceiptTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const auto path =
        plasm::testing::SharedData("vectors/receipt-v1") / (std::string(GetParam()) + ".json");
    PLASM_SKIP_WITHOUT(path);
    const auto bytes = ReadFile(path, kMaxReceiptV1Size);
    ASSERT_TRUE(bytes) << bytes.error().message;
    text_ = AsText(*bytes);
    const auto receipt = ParseReceiptV1(*bytes);
    ASSERT_TRUE(receipt) << receipt.error().message;
    receipt_ = *receipt;
    pinned_.pinned = {receipt_.node_pubkey};
  }

  Verdict VerdictOf(const std::string& text) {
    return VerifyReceiptV1(AsBytes(text), pinned_).verdict;
  }

  std::string text_;
  ReceiptV1 receipt_{};
  TrustedKeys pinned_;
};

TEST_P(OriginalReceiptTest, VerifiesAsItIs) {
  EXPECT_EQ(VerdictOf(text_), Verdict::kValidLegacyUnbound);
  EXPECT_EQ(VerifyReceiptV1(AsBytes(text_), {}).verdict, Verdict::kUnknownKey);
}

TEST_P(OriginalReceiptTest, IsWrittenByteForByte) {
  EXPECT_EQ(SerializeReceiptV1(receipt_, JsonStyle::kPretty) + "\n", text_);
}

// Every character of every value, replaced by each of a few others: whatever still parses
// must fail.
TEST_P(OriginalReceiptTest, NoChangedValueVerifies) {
  std::size_t bad_signature = 0;
  for (std::size_t i = 0; i < text_.size(); ++i) {
    for (const char c : {'0', '1', '9', 'a', 'f', '.'}) {
      std::string changed = text_;
      changed[i] = c;
      if (changed == text_) continue;
      const Verdict verdict = VerdictOf(changed);
      EXPECT_TRUE(verdict == Verdict::kMalformed || verdict == Verdict::kBadSignature)
          << VerdictName(verdict) << " at " << i << ":\n"
          << changed;
      if (verdict == Verdict::kBadSignature) ++bad_signature;
    }
  }
  EXPECT_GT(bad_signature, 1000u);
}

INSTANTIATE_TEST_SUITE_P(FirstSystem, OriginalReceiptTest,
                         ::testing::Values("original-1", "original-2", "original-3",
                                           "original-trap"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace plasm::receipt
