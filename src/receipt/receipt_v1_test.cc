#include "receipt/receipt_v1.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/testing/fixed_entropy.h"

namespace plasm::receipt {
namespace {

using ::testing::HasSubstr;

const std::string kHash = "sha256:" + std::string(64, 'a');
const std::string kPubkey(64, 'b');
const std::string kSignature(128, 'c');

// The seven fields as JSON text, to be changed one at a time.
using Members = std::vector<std::pair<std::string, std::string>>;
Members ValidMembers() {
  return {{"version", R"("0.1")"},
          {"module_hash", '"' + kHash + '"'},
          {"exit_code", "7"},
          {"wall_time_ms", "369"},
          {"timestamp", "1795380686"},
          {"node_pubkey", '"' + kPubkey + '"'},
          {"signature", '"' + kSignature + '"'}};
}

std::string Join(const Members& members) {
  std::string text;
  for (const auto& [key, value] : members) {
    text += (text.empty() ? "{\"" : ",\"") + key + "\":" + value;
  }
  return text + "}";
}

std::string With(const std::string& key, const std::string& value) {
  Members members = ValidMembers();
  for (auto& [name, old] : members) {
    if (name == key) old = value;
  }
  return Join(members);
}

// The message of the refusal; "accepted" if there was none.
std::string Refusal(const std::string& text) {
  const auto parsed = ParseReceiptV1(AsBytes(text));
  if (parsed) return "accepted";
  EXPECT_NE(parsed.error().message, "accepted");
  return parsed.error().message;
}

TEST(ReceiptV1Test, ReadsTheSevenFields) {
  const auto receipt = ParseReceiptV1(AsBytes(Join(ValidMembers())));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt->version, "0.1");
  EXPECT_EQ(receipt->fields.module_hash.ToString(), kHash);
  EXPECT_EQ(receipt->fields.exit_code, 7);
  EXPECT_EQ(receipt->fields.wall_time_ms, 369u);
  EXPECT_EQ(receipt->fields.timestamp, 1795380686u);
  EXPECT_EQ(receipt->node_pubkey.ToHex(), kPubkey);
  EXPECT_EQ(receipt->signature.ToHex(), kSignature);
}

TEST(ReceiptV1Test, RefusesAMissingField) {
  for (std::size_t i = 0; i < 7; ++i) {
    Members members = ValidMembers();
    const std::string key = members[i].first;
    members.erase(members.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(Refusal(Join(members)), "receipt: missing key \"" + key + "\"");
  }
}

TEST(ReceiptV1Test, RefusesAFieldGivenTwice) {
  for (std::size_t i = 0; i < 7; ++i) {
    Members members = ValidMembers();
    members.push_back(members[i]);
    EXPECT_EQ(Refusal(Join(members)), "receipt: duplicate key \"" + members[i].first + "\"");
  }
}

TEST(ReceiptV1Test, RefusesAnUnknownField) {
  Members members = ValidMembers();
  members.emplace_back("trusted", "true");
  EXPECT_EQ(Refusal(Join(members)), "receipt: unknown key \"trusted\"");
}

TEST(ReceiptV1Test, RefusesEveryFieldOfAnotherType) {
  for (const auto& [key, value] : ValidMembers()) {
    const bool text = value.starts_with('"');
    for (const std::string& other :
         {std::string("null"), std::string("true"), std::string("[]"), std::string("{}"),
          std::string("1.0"), "[" + value + "]", text ? std::string("1") : '"' + value + '"'}) {
      EXPECT_NE(Refusal(With(key, other)), "accepted") << key << " " << other;
    }
  }
}

TEST(ReceiptV1Test, RefusesIntegersOutOfRangeOrOddlySpelled) {
  for (const char* key : {"exit_code", "wall_time_ms", "timestamp"}) {
    for (const char* bad : {"-1", "-0", "00", "01", "007", "+1", "1e1", "1E0", "1.0", "0x1", "",
                            "18446744073709551616", "99999999999999999999999"}) {
      EXPECT_NE(Refusal(With(key, bad)), "accepted") << key << " " << bad;
    }
  }
  EXPECT_EQ(Refusal(With("exit_code", "256")),
            "receipt.exit_code: found 256, expected an integer from 0 to 255");
  EXPECT_EQ(Refusal(With("exit_code", "255")), "accepted");
  EXPECT_EQ(Refusal(With("exit_code", "0")), "accepted");
  EXPECT_EQ(Refusal(With("timestamp", "18446744073709551615")), "accepted");
  EXPECT_EQ(Refusal(With("wall_time_ms", "9007199254740993")), "accepted");
}

TEST(ReceiptV1Test, KeepsEveryDigitOfLargeIntegers) {
  const auto receipt = ParseReceiptV1(AsBytes(With("wall_time_ms", "9007199254740993")));
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->fields.wall_time_ms, 9007199254740993u);
}

TEST(ReceiptV1Test, RefusesTextThatDoesNotMatchItsPattern) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> bad = {
      {"version",
       {"", "1", ".", "0.", ".1", "0.1.2", "v0.1", "0.1 ", " 0.1", "0.1\\n", "0,1", "-0.1", "0.a",
        "\xd9\xa0.\xd9\xa1"}},
      {"module_hash",
       {"", kHash.substr(7), "sha512:" + kHash.substr(7), "SHA256:" + kHash.substr(7), kHash + "0",
        kHash.substr(0, 70), kHash + "\\n", "sha256:" + std::string(64, 'A'),
        "sha256:" + std::string(64, 'g')}},
      {"node_pubkey",
       {"", "local_execution", kPubkey + "00", kPubkey.substr(2), kPubkey + "\\n",
        std::string(64, 'B'), std::string(64, 'x'), "0x" + kPubkey}},
      {"signature",
       {"", kSignature + "00", kSignature.substr(2), kPubkey, kSignature + "\\n",
        std::string(128, 'C'), std::string(128, '-')}}};
  for (const auto& [key, values] : bad) {
    for (const std::string& value : values) {
      EXPECT_THAT(Refusal(With(key, '"' + value + '"')), HasSubstr("receipt." + key))
          << key << " " << value;
    }
  }
}

TEST(ReceiptV1Test, LocalExecutionIsNoKey) {
  EXPECT_THAT(Refusal(With("node_pubkey", "\"local_execution\"")),
              HasSubstr("receipt.node_pubkey: "));
}

TEST(ReceiptV1Test, RefusesWhatIsNotOneObject) {
  const std::string valid = Join(ValidMembers());
  EXPECT_EQ(Refusal(" " + valid + "\n"), "accepted");
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string("null"), "[" + valid + "]", valid + valid,
        valid + "x", "\xef\xbb\xbf" + valid, valid + std::string(kMaxReceiptV1Size, ' ')}) {
    EXPECT_NE(Refusal(text), "accepted");
  }
}

TEST(ReceiptV1Test, MessageIsTheOneOfTheFirstSystem) {
  const auto receipt = ParseReceiptV1(AsBytes(Join(ValidMembers())));
  ASSERT_TRUE(receipt);
  EXPECT_EQ(SignedDigestV1(receipt->version, receipt->fields),
            Sha256Of(AsBytes("0.1|" + kHash + "|7|369|1795380686")));
}

TEST(ReceiptV1Test, WhatIsWrittenReadsBackTheSame) {
  plasm::testing::FixedEntropy entropy;
  const auto key = crypto::SigningKey::Generate(entropy);
  const ReceiptV1 receipt = SignReceiptV1({.module_hash = Sha256Of(AsBytes("module")),
                                           .exit_code = 255,
                                           .wall_time_ms = 0,
                                           .timestamp = 18446744073709551615u},
                                          key);
  for (const JsonStyle style : {JsonStyle::kCompact, JsonStyle::kPretty}) {
    const auto again = ParseReceiptV1(AsBytes(SerializeReceiptV1(receipt, style)));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(*again, receipt);
  }
}

TEST(ReceiptV1Test, StandsInsideOtherObjects) {
  const auto receipt = ParseReceiptV1(AsBytes(Join(ValidMembers())));
  ASSERT_TRUE(receipt);
  JsonWriter json(JsonStyle::kCompact);
  json.BeginObject().Key("receipt");
  WriteReceiptV1(*receipt, json);
  json.EndObject();
  EXPECT_EQ(std::move(json).Take(),
            R"({"receipt":{"exit_code":7,"module_hash":")" + kHash + R"(","node_pubkey":")" +
                kPubkey + R"(","signature":")" + kSignature +
                R"(","timestamp":1795380686,"version":"0.1","wall_time_ms":369}})");
}

}  // namespace
}  // namespace plasm::receipt
