#include "receipt/envelope.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/base64.h"

namespace plasm::receipt {
namespace {

constexpr EnvelopeForm kForm = {
    .payload_type = "text/plain", .max_bytes = 4096, .max_payload_bytes = 100};

crypto::SigningKey KeyFrom(unsigned char fill) {
  std::array<std::byte, crypto::SigningKey::kSeedSize> seed;
  seed.fill(std::byte{fill});
  return crypto::SigningKey::FromSeed(seed);
}

Bytes ToBytes(std::string_view text) {
  const ByteView view = AsBytes(text);
  return {view.begin(), view.end()};
}

Envelope Example() { return SignEnvelope("text/plain", ToBytes("hello"), KeyFrom(1)); }

std::string With(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

bool Parses(const std::string& json) { return ParseEnvelope(AsBytes(json), kForm).has_value(); }

TEST(EnvelopeTest, EncodesLengthsInPlainDecimal) {
  EXPECT_EQ(AsText(PreAuthEncoding("http://example.com/HelloWorld", AsBytes("hello world"))),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  EXPECT_EQ(AsText(PreAuthEncoding("", {})), "DSSEv1 0  0 ");
}

TEST(EnvelopeTest, ReadsWhatItWrites) {
  const Envelope envelope = Example();
  const auto read = ParseEnvelope(AsBytes(SerializeEnvelope(envelope)), kForm);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, envelope);
  EXPECT_TRUE(VerifyEnvelope(*read, KeyFrom(1).public_key()));
}

TEST(EnvelopeTest, AnotherKeyDidNotSign) {
  EXPECT_FALSE(VerifyEnvelope(Example(), KeyFrom(2).public_key()));
}

TEST(EnvelopeTest, ASignatureCoversTypeAndPayload) {
  const auto key = KeyFrom(1).public_key();
  Envelope other_payload = Example();
  other_payload.payload[0] = std::byte{'H'};
  EXPECT_FALSE(VerifyEnvelope(other_payload, key));
  Envelope other_type = Example();
  other_type.payload_type = "text/plaim";
  EXPECT_FALSE(VerifyEnvelope(other_type, key));
  // Bytes moved over the border between the two.
  Envelope shifted = Example();
  shifted.payload_type = "text/plain 5 hell";
  shifted.payload = ToBytes("o");
  EXPECT_FALSE(VerifyEnvelope(shifted, key));
}

TEST(EnvelopeTest, UnsignedDoesNotVerifyAndTwiceSignedNeither) {
  Envelope unsigned_envelope = Example();
  unsigned_envelope.signatures.clear();
  EXPECT_TRUE(Parses(SerializeEnvelope(unsigned_envelope)));
  EXPECT_FALSE(VerifyEnvelope(unsigned_envelope, KeyFrom(1).public_key()));
  Envelope twice = Example();
  twice.signatures.push_back(twice.signatures.front());
  EXPECT_FALSE(Parses(SerializeEnvelope(twice)));
  EXPECT_FALSE(VerifyEnvelope(twice, KeyFrom(1).public_key()));
}

TEST(EnvelopeTest, TakesUrlSafeBase64AndRefusesMixed) {
  const Envelope envelope =
      SignEnvelope("text/plain", {std::byte{0xfb}, std::byte{0xff}, std::byte{0xfe}}, KeyFrom(1));
  const std::string text = SerializeEnvelope(envelope);
  const auto read = ParseEnvelope(AsBytes(With(text, "\"+//+\"", "\"-__-\"")), kForm);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, envelope);
  EXPECT_FALSE(Parses(With(text, "\"+//+\"", "\"-//+\"")));
}

TEST(EnvelopeTest, RefusesAnotherPayloadType) {
  EXPECT_FALSE(Parses(With(SerializeEnvelope(Example()), "text/plain", "text/html")));
}

TEST(EnvelopeTest, RefusesMissingUnknownAndDoubledMembers) {
  const std::string text = SerializeEnvelope(Example());
  EXPECT_FALSE(Parses(With(text, "{\"payloadType\"", "{\"x\":1,\"payloadType\"")));
  EXPECT_FALSE(Parses(With(text, "{\"keyid\"", "{\"x\":1,\"keyid\"")));
  EXPECT_FALSE(Parses(With(text, "\"payload\":", "\"Payload\":")));
  EXPECT_FALSE(Parses(With(text, "{\"payloadType\"", "{\"payload\":\"\",\"payloadType\"")));
  EXPECT_FALSE(Parses(R"({"payloadType":"text/plain","payload":""})"));
}

TEST(EnvelopeTest, RefusesSignaturesOfAnotherLength) {
  const Envelope envelope = Example();
  const std::string sig = EncodeBase64(envelope.signatures.front().signature.bytes);
  for (const std::size_t size : {0u, 63u, 65u}) {
    Bytes bytes(size, std::byte{1});
    EXPECT_FALSE(Parses(With(SerializeEnvelope(envelope), sig, EncodeBase64(bytes)))) << size;
  }
}

TEST(EnvelopeTest, RefusesKeyIdsThatAreNoFingerprints) {
  const std::string keyid = Example().signatures.front().keyid;
  for (const std::string& bad :
       {std::string(), std::string("local_execution"), keyid.substr(7), keyid + "=",
        "sha256:" + keyid.substr(7), keyid.substr(0, keyid.size() - 1) + "-"}) {
    EXPECT_FALSE(Parses(With(SerializeEnvelope(Example()), keyid, bad))) << bad;
  }
}

TEST(EnvelopeTest, KeepsToTheSizes) {
  EXPECT_TRUE(Parses(SerializeEnvelope(SignEnvelope("text/plain", Bytes(100), KeyFrom(1)))));
  const auto large = ParseEnvelope(
      AsBytes(SerializeEnvelope(SignEnvelope("text/plain", Bytes(101), KeyFrom(1)))), kForm);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::kLimitExceeded);
  EXPECT_FALSE(Parses(SerializeEnvelope(SignEnvelope("text/plain", Bytes(5000), KeyFrom(1)))));
}

}  // namespace
}  // namespace plasm::receipt
