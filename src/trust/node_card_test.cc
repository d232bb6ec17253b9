#include "trust/node_card.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

#include "base/base64.h"
#include "receipt/envelope.h"
#include "trust/testing/cards.h"

namespace plasm::trust {
namespace {

using namespace testing;  // NOLINT: the tests' own keys and cards

std::string Payload() { return SerializeNodeCard(ExampleCard()); }

bool Parses(const std::string& payload) { return ParseNodeCard(AsBytes(payload)).has_value(); }

// An envelope around any payload, as another program might sign it.
std::string SignedPayload(const std::string& payload, unsigned char key,
                          std::string_view type = kCardPayloadType) {
  const ByteView bytes = AsBytes(payload);
  return receipt::SerializeEnvelope(
      receipt::SignEnvelope(std::string(type), Bytes(bytes.begin(), bytes.end()), KeyFrom(key)));
}

ErrorCode CodeOfOpening(const std::string& envelope) {
  const auto opened = OpenNodeCard(AsBytes(envelope));
  EXPECT_FALSE(opened);
  return opened ? ErrorCode::kInternal : opened.error().code;
}

struct Change {
  const char* what;
  std::function<void(NodeCard&)> change;
};

TEST(NodeCardTest, ReadsWhatItWrites) {
  NodeCard card = ExampleCard();
  card.revoked = {{PublicFrom(9), Time("2026-07-01T00:00:00.125Z"), 12},
                  {PublicFrom(kReceiptKey), Time("2026-07-01T00:00:00Z"), {}}};
  const auto read = ParseNodeCard(AsBytes(SerializeNodeCard(card)));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, card);
}

TEST(NodeCardTest, HasTheMembersOfTheSpecification) {
  NodeCard card = ExampleCard();
  card.keys.resize(2);
  card.revoked = {{PublicFrom(9), Time("2026-07-01T00:00:00Z"), 12}};
  EXPECT_EQ(
      SerializeNodeCard(card),
      R"({"type":"urn:plasm:card:v1","identity":")" + PublicFrom(1).ToHex() +
          R"(","name":"node a","version":7,"issued":"2026-06-01T00:00:00.000Z",)" +
          R"("expires":"2026-12-31T23:59:59.999Z","keys":[{"use":"receipt","key":")" +
          PublicFrom(2).ToHex() +
          R"(","from":"2026-01-01T00:00:00.000Z","to":"2027-12-31T23:59:59.999Z"},)" +
          R"({"use":"log","key":")" + PublicFrom(3).ToHex() +
          R"(","from":"2026-01-01T00:00:00.000Z","to":"2027-12-31T23:59:59.999Z",)" +
          R"("origin":"plasm.invalid/a"}],"revoked":[{"key":")" + PublicFrom(9).ToHex() +
          R"(","at":"2026-07-01T00:00:00.000Z","logSize":"12"}],)" +
          R"("endpoints":["https://a.invalid:7443/"],"capabilities":{"engine":"wasmtime-48",)" +
          R"("arch":"x86_64","profiles":["plasm-det-1","live"],)" +
          R"("labels":{"gpu":"","zone":"north"}}})");
}

TEST(NodeCardTest, WhatIsSaidOfTheMachineIsOptional) {
  NodeCard card = ExampleCard();
  card.capabilities.cores = 65536;
  card.capabilities.memory_mib = 4'294'967'295;
  card.capabilities.cpu = {"avx2", "bmi2"};
  card.capabilities.policy = SubmitPolicy::kInvitation;
  const std::string text = SerializeNodeCard(card);
  EXPECT_NE(text.find(R"(,"cores":65536,"memoryMib":4294967295,"cpu":["avx2","bmi2"],)"
                      R"("policy":"invitation"}})"),
            std::string::npos)
      << text;
  const auto read = ParseNodeCard(AsBytes(text));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, card);
  for (const auto& [from, to] :
       {std::pair{"65536", "65537"}, std::pair{"65536", "0"}, std::pair{"4294967295", "4294967296"},
        std::pair{"invitation", "closed"}, std::pair{"avx2", ""}}) {
    EXPECT_FALSE(ParseNodeCard(AsBytes(With(text, from, to)))) << from << " " << to;
  }
  card.capabilities.cores = 0;
  EXPECT_FALSE(CheckNodeCard(card));
}

TEST(NodeCardTest, EveryMemberIsRequired) {
  for (const char* member :
       {"type", "identity", "name", "version", "issued", "expires", "keys", "revoked", "endpoints",
        "capabilities", "engine", "arch", "profiles", "labels"}) {
    const std::string key = "\"" + std::string(member) + "\":";
    const std::string renamed = With(Payload(), key, "\"other\":");
    ASSERT_NE(renamed, Payload()) << member;
    EXPECT_FALSE(Parses(renamed)) << member;
  }
  for (const char* member : {"use", "key", "from", "to"}) {
    NodeCard card = ExampleCard();
    card.keys.resize(1);
    const std::string payload = SerializeNodeCard(card);
    const std::string renamed = With(payload, "\"" + std::string(member) + "\":", "\"other\":");
    ASSERT_NE(renamed, payload) << member;
    EXPECT_FALSE(Parses(renamed)) << member;
  }
}

TEST(NodeCardTest, RefusesUnknownMembers) {
  EXPECT_FALSE(Parses(With(Payload(), "{\"type\"", "{\"more\":1,\"type\"")));
  EXPECT_FALSE(Parses(With(Payload(), "{\"engine\"", "{\"more\":1,\"engine\"")));
  EXPECT_FALSE(Parses(With(Payload(), "{\"use\":\"tls\"", "{\"more\":1,\"use\":\"tls\"")));
}

TEST(NodeCardTest, RefusesDoubledKeysAtEveryDepth) {
  EXPECT_FALSE(Parses(With(Payload(), "\"version\":7", "\"version\":7,\"version\":7")));
  EXPECT_FALSE(Parses(With(Payload(), "\"use\":\"tls\"", "\"use\":\"tls\",\"use\":\"receipt\"")));
  EXPECT_FALSE(Parses(With(Payload(), "\"gpu\":\"\"", "\"gpu\":\"\",\"gpu\":\"\"")));
}

TEST(NodeCardTest, RefusesValuesOfAnotherForm) {
  const std::string identity = PublicFrom(kIdentity).ToHex();
  std::string upper = identity;
  for (char& c : upper) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  const struct {
    std::string from, to;
  } kChanges[] = {
      {"urn:plasm:card:v1", "urn:plasm:card:v2"},
      {identity, upper},
      {identity, identity.substr(2)},
      {"\"version\":7", "\"version\":\"7\""},
      {"\"version\":7", "\"version\":0"},
      {"\"version\":7", "\"version\":9007199254740992"},
      {"\"version\":7", "\"version\":-7"},
      {"\"version\":7", "\"version\":7.0"},
      {"2026-06-01T00:00:00.000Z", "2026-06-01 00:00:00Z"},
      {"2026-06-01T00:00:00.000Z", "2026-06-31T00:00:00Z"},
      {"\"use\":\"tls\"", "\"use\":\"TLS\""},
      {"\"use\":\"tls\"", "\"use\":\"identity\""},
      {"\"revoked\":[]", "\"revoked\":null"},
      {"[\"plasm-det-1\",\"live\"]", "[\"plasm-det-1\",1]"},
      {"\"zone\":\"north\"", "\"zone\":1"},
      {"\"labels\":{\"gpu\":\"\",\"zone\":\"north\"}", "\"labels\":[]"},
  };
  for (const auto& [from, to] : kChanges) {
    const std::string changed = With(Payload(), from, to);
    ASSERT_NE(changed, Payload()) << from;
    EXPECT_FALSE(Parses(changed)) << to;
  }
}

TEST(NodeCardTest, TakesTheLargestVersion) {
  EXPECT_TRUE(Parses(With(Payload(), "\"version\":7", "\"version\":9007199254740991")));
}

TEST(NodeCardTest, LogSizeIsADecimalString) {
  NodeCard card = ExampleCard();
  card.revoked = {{PublicFrom(9), Time("2026-07-01T00:00:00Z"), 12}};
  const std::string payload = SerializeNodeCard(card);
  EXPECT_TRUE(Parses(With(payload, "\"12\"", "\"0\"")));
  EXPECT_TRUE(Parses(With(payload, "\"12\"", "\"9223372036854775807\"")));
  for (const char* bad : {"12", "\"012\"", "\"-1\"", "\"9223372036854775808\"", "null"}) {
    EXPECT_FALSE(Parses(With(payload, "\"12\"", bad))) << bad;
  }
}

TEST(NodeCardTest, AnOriginStandsWithLogKeysAndWithNoOthers) {
  EXPECT_FALSE(Parses(With(Payload(), ",\"origin\":\"plasm.invalid/a\"", "")));
  EXPECT_FALSE(Parses(With(Payload(), "\"use\":\"tls\"", "\"use\":\"tls\",\"origin\":\"b\"")));
  EXPECT_FALSE(Parses(With(Payload(), "\"use\":\"tls\"", "\"use\":\"tls\",\"origin\":\"\"")));
}

TEST(NodeCardTest, AnOriginIsTheNameOfALog) {
  const std::string payload = Payload();
  EXPECT_TRUE(Parses(With(payload, "plasm.invalid/a", "plasm.invalid/b")));
  for (const char* bad : {"a b", "a+b", "a\xc2\x85"}) {
    EXPECT_FALSE(Parses(With(payload, "plasm.invalid/a", bad))) << bad;
  }
}

TEST(NodeCardTest, RefusesCardsThatBreakARule) {
  const Change kChanges[] = {
      {"no name", [](NodeCard& card) { card.name.clear(); }},
      {"name too long", [](NodeCard& card) { card.name.assign(256, 'a'); }},
      {"name of two lines", [](NodeCard& card) { card.name = "a\nb"; }},
      {"name that steers a terminal", [](NodeCard& card) { card.name = "a\x1b[2J"; }},
      {"version 0", [](NodeCard& card) { card.version = 0; }},
      {"version too large", [](NodeCard& card) { card.version = kMaxCardVersion + 1; }},
      {"expires before it is issued",
       [](NodeCard& card) { card.expires.milliseconds = card.issued.milliseconds - 1; }},
      {"no keys", [](NodeCard& card) { card.keys.clear(); }},
      {"65 keys",
       [](NodeCard& card) {
         const NodeKey key = card.keys[0];
         for (unsigned char i = 100; card.keys.size() < 65; ++i) {
           card.keys.push_back(key);
           card.keys.back().key = PublicFrom(i);
         }
       }},
      {"a key that ends before it begins",
       [](NodeCard& card) { card.keys[0].from = {card.keys[0].to.milliseconds + 1}; }},
      {"one key for two uses", [](NodeCard& card) { card.keys[2].key = card.keys[0].key; }},
      {"one key twice for one use", [](NodeCard& card) { card.keys.push_back(card.keys[0]); }},
      {"the identity key for another use",
       [](NodeCard& card) { card.keys[0].key = card.identity; }},
      {"a log without an origin", [](NodeCard& card) { card.keys[1].origin.clear(); }},
      {"two logs of one origin",
       [](NodeCard& card) {
         card.keys.push_back(card.keys[1]);
         card.keys.back().key = PublicFrom(50);
       }},
      {"a key revoked twice",
       [](NodeCard& card) {
         card.revoked = {{PublicFrom(9), card.issued, 5}, {PublicFrom(9), card.issued, 50}};
       }},
      {"the identity revoked",
       [](NodeCard& card) { card.revoked = {{card.identity, card.issued, {}}}; }},
      {"a log size beyond any log",
       [](NodeCard& card) {
         card.revoked = {{PublicFrom(9), card.issued, std::uint64_t{1} << 63}};
       }},
      {"1025 revoked keys",
       [](NodeCard& card) {
         for (unsigned i = 0; i < 1025; ++i) {
           crypto::PublicKey key;
           key.bytes[0] = static_cast<std::byte>(i);
           key.bytes[1] = static_cast<std::byte>(i >> 8);
           card.revoked.push_back({key, card.issued, {}});
         }
       }},
      {"an endpoint in the clear", [](NodeCard& card) { card.endpoints = {"http://a.invalid/"}; }},
      {"an endpoint of another form", [](NodeCard& card) { card.endpoints = {"a.invalid"}; }},
      {"an endpoint without an address", [](NodeCard& card) { card.endpoints = {"https://"}; }},
      {"an endpoint with a blank", [](NodeCard& card) { card.endpoints = {"https://a b/"}; }},
      {"an endpoint with a line end", [](NodeCard& card) { card.endpoints = {"https://a\n"}; }},
      {"an endpoint too long",
       [](NodeCard& card) { card.endpoints = {"https://" + std::string(1017, 'a')}; }},
      {"too many endpoints",
       [](NodeCard& card) { card.endpoints.assign(65, "https://a.invalid/"); }},
      {"no engine", [](NodeCard& card) { card.capabilities.engine.clear(); }},
      {"an arch of two lines", [](NodeCard& card) { card.capabilities.arch = "a\nb"; }},
      {"an empty profile", [](NodeCard& card) { card.capabilities.profiles = {""}; }},
      {"too many profiles", [](NodeCard& card) { card.capabilities.profiles.assign(65, "a"); }},
      {"a label without a name", [](NodeCard& card) { card.capabilities.labels[""] = "a"; }},
      {"a label of two lines", [](NodeCard& card) { card.capabilities.labels["a"] = "a\nb"; }},
      {"too many labels",
       [](NodeCard& card) {
         for (int i = 0; i < 65; ++i) card.capabilities.labels[std::to_string(i)] = "a";
       }},
  };
  for (const auto& [what, change] : kChanges) {
    NodeCard card = ExampleCard();
    change(card);
    const auto checked = CheckNodeCard(card);
    ASSERT_FALSE(checked) << what;
    EXPECT_EQ(checked.error().code, ErrorCode::kInvalid) << what;
    EXPECT_TRUE(checked.error().message.starts_with("card.")) << checked.error().message;
    EXPECT_FALSE(SignNodeCard(card, KeyFrom(kIdentity))) << what;
    EXPECT_FALSE(Parses(SerializeNodeCard(card))) << what;
  }
}

TEST(NodeCardTest, SignsNoCardThatWritingWouldChange) {
  NodeCard bad_text = ExampleCard();
  bad_text.name = "\xff";
  EXPECT_FALSE(SignNodeCard(bad_text, KeyFrom(kIdentity)));
  NodeCard lost_origin = ExampleCard();
  lost_origin.keys[0].origin = "a";
  EXPECT_FALSE(SignNodeCard(lost_origin, KeyFrom(kIdentity)));
}

TEST(NodeCardTest, TakesWhatTheRulesJustAllow) {
  NodeCard card = ExampleCard();
  card.name.assign(255, 'a');
  card.expires = card.issued;
  card.keys[0].from = card.keys[0].to;
  const NodeKey key = card.keys[0];
  for (unsigned char i = 100; card.keys.size() < 64; ++i) {
    card.keys.push_back(key);
    card.keys.back().key = PublicFrom(i);
  }
  card.revoked = {{PublicFrom(kReceiptKey), card.issued, 0}};
  card.endpoints.assign(1, "https://" + std::string(1016, 'a'));
  const auto checked = CheckNodeCard(card);
  EXPECT_TRUE(checked) << checked.error().message;
}

TEST(NodeCardTest, OpensUnderItsIdentityKey) {
  const std::string envelope = Signed(ExampleCard());
  const auto opened = OpenNodeCard(AsBytes(envelope));
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->card, ExampleCard());
  EXPECT_EQ(opened->envelope_digest, Sha256Of(AsBytes(envelope)));
  EXPECT_EQ(opened->payload_digest, Sha256Of(AsBytes(Payload())));
}

TEST(NodeCardTest, ACardSignedByAnotherKeyIsDenied) {
  EXPECT_EQ(CodeOfOpening(SignedPayload(Payload(), 99)), ErrorCode::kDenied);
  // Not even by a key that the card lists.
  EXPECT_EQ(CodeOfOpening(SignedPayload(Payload(), kReceiptKey)), ErrorCode::kDenied);
}

TEST(NodeCardTest, AChangedPayloadIsDenied) {
  const std::string changed = With(Payload(), "\"version\":7", "\"version\":8");
  const std::string envelope =
      With(Signed(ExampleCard()), EncodeBase64(AsBytes(Payload())), EncodeBase64(AsBytes(changed)));
  ASSERT_NE(envelope, Signed(ExampleCard()));
  EXPECT_EQ(CodeOfOpening(envelope), ErrorCode::kDenied);
}

TEST(NodeCardTest, AKeyIdSaysNothingAboutWhoSigned) {
  const std::string forged =
      With(SignedPayload(Payload(), 99), FingerprintFrom(99), FingerprintFrom(kIdentity));
  EXPECT_EQ(CodeOfOpening(forged), ErrorCode::kDenied);
  const std::string honest =
      With(Signed(ExampleCard()), FingerprintFrom(kIdentity), FingerprintFrom(99));
  EXPECT_TRUE(OpenNodeCard(AsBytes(honest)));
}

TEST(NodeCardTest, ASignatureOverAnotherKindOfDocumentIsNoCard) {
  EXPECT_EQ(CodeOfOpening(SignedPayload(Payload(), kIdentity, "application/vnd.in-toto+json")),
            ErrorCode::kInvalid);
}

TEST(NodeCardTest, AnEnvelopeHasExactlyOneSignature) {
  const std::string envelope = Signed(ExampleCard());
  const std::size_t start = envelope.find("[{") + 1;
  const std::string signature = envelope.substr(start, envelope.find("}]") + 1 - start);
  EXPECT_EQ(CodeOfOpening(With(envelope, signature, "")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOfOpening(With(envelope, signature, signature + "," + signature)),
            ErrorCode::kInvalid);
}

TEST(NodeCardTest, ARightSignatureDoesNotMendAPayload) {
  EXPECT_EQ(CodeOfOpening(SignedPayload("{}", kIdentity)), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOfOpening(SignedPayload(
                With(Payload(), "\"version\":7", "\"version\":7,\"version\":8"), kIdentity)),
            ErrorCode::kInvalid);
}

TEST(NodeCardTest, AnEnvelopeBeyondTheLimitIsRefusedUnread) {
  const std::string envelope = Signed(ExampleCard());
  EXPECT_TRUE(OpenNodeCard(AsBytes(envelope + std::string(kMaxCardBytes - envelope.size(), ' '))));
  EXPECT_EQ(CodeOfOpening(envelope + std::string(kMaxCardBytes + 1 - envelope.size(), ' ')),
            ErrorCode::kLimitExceeded);
}

TEST(NodeCardTest, SignsNoCardThatNobodyWouldOpen) {
  const auto foreign = SignNodeCard(ExampleCard(), KeyFrom(99));
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().code, ErrorCode::kInvalid);
  NodeCard large = ExampleCard();
  large.endpoints.assign(64, "https://" + std::string(1000, 'a'));
  const auto refused = SignNodeCard(large, KeyFrom(kIdentity));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
}

TEST(NodeCardTest, ErrorsNameTheMemberAndQuoteWhatTheyFound) {
  const auto card =
      ParseNodeCard(AsBytes(With(Payload(), "https://a.invalid:7443/", "http://\\u001b[2J")));
  ASSERT_FALSE(card);
  EXPECT_EQ(card.error().message,
            "card.endpoints[0]: found \"http://\\x1b[2J\", expected https:// and an address, at "
            "most 1024 visible ASCII characters");
}

}  // namespace
}  // namespace plasm::trust
