#include "receipt/quorum_bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plasm::receipt {
namespace {

using ::testing::HasSubstr;

QuorumBundle Sample() {
  return {.agree = 2,
          .manifest = "{\"type\":\"urn:plasm:job:v1\"}",
          .answers = {{"{\"a\":1}\n", "proof\nof a\n"}, {"{\"b\":\"\xc3\xa4\"}"}}};
}

std::string Text(std::string agree, std::string rest) {
  return "{\"type\":\"urn:plasm:quorum:v1\",\"agree\":" + agree + ",\"manifest\":\"{}\"," + rest +
         "}";
}

TEST(QuorumBundleTest, IsReadBackByteForByte) {
  const std::string text = SerializeQuorumBundle(Sample());
  EXPECT_TRUE(IsQuorumBundle(AsBytes(text)));
  const auto read = ParseQuorumBundle(AsBytes(text));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, Sample());
}

TEST(QuorumBundleTest, OtherDocumentsAreNone) {
  for (const char* text : {"", "[]", "{}", "{\"type\":\"urn:plasm:job:v1\"}", "{\"type\":1}"}) {
    EXPECT_FALSE(IsQuorumBundle(AsBytes(std::string_view(text)))) << text;
    EXPECT_FALSE(ParseQuorumBundle(AsBytes(std::string_view(text)))) << text;
  }
}

TEST(QuorumBundleTest, RefusesWhatTheSpecificationDoesNotHave) {
  const std::string good = "\"answers\":[{\"receipt\":\"r\"}]";
  EXPECT_TRUE(ParseQuorumBundle(AsBytes(Text("1", good))));
  std::string many = "\"answers\":[";
  for (int i = 0; i < 65; ++i) many += std::string(i == 0 ? "" : ",") + "{\"receipt\":\"r\"}";
  for (const std::string& text :
       {Text("0", good), Text("65", good), Text("\"1\"", good), Text("1.0", good),
        Text("1", "\"answers\":[]"), Text("1", many + "]"),
        Text("1", "\"answers\":[{\"receipt\":\"r\",\"proof\":null}]"),
        Text("1", "\"answers\":[{\"proof\":\"p\"}]"),
        Text("1", "\"answers\":[{\"receipt\":\"r\",\"x\":\"\"}]"), Text("1", good + ",\"x\":1"),
        Text("1", good + ",\"agree\":1")}) {
    const auto read = ParseQuorumBundle(AsBytes(text));
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error().message, HasSubstr("bundle")) << text;
  }
}

TEST(QuorumBundleTest, TwoResultsCanNotBothBeAgreedOn) {
  EXPECT_TRUE(CheckQuorum(1, 1));
  EXPECT_TRUE(CheckQuorum(3, 2));
  EXPECT_TRUE(CheckQuorum(4, 3));
  EXPECT_TRUE(CheckQuorum(64, 33));
  EXPECT_FALSE(CheckQuorum(4, 2));
  EXPECT_FALSE(CheckQuorum(2, 0));
  EXPECT_FALSE(CheckQuorum(2, 3));
  EXPECT_FALSE(CheckQuorum(65, 40));
}

}  // namespace
}  // namespace plasm::receipt
