#include "discovery/list_source.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm::discovery {
namespace {

TEST(EndpointListTest, HasAnEndpointALine) {
  const auto list = ParseEndpointList(AsBytes("# ours\nhttps://a.example\r\n"));
  ASSERT_FALSE(list) << "a carriage return is no blank";
  const auto good = ParseEndpointList(
      AsBytes("# ours\nhttps://a.example\n\n\t https://[2001:db8::7]:1 # far away"));
  ASSERT_TRUE(good) << good.error().message;
  ASSERT_EQ(good->size(), 2u);
  EXPECT_EQ((*good)[0].ToString(), "https://a.example:7420");
  EXPECT_EQ((*good)[1].ToString(), "https://[2001:db8::7]:1");
}

TEST(EndpointListTest, AMistakeIsNamedWithItsLine) {
  for (const char* text : {"\nhttp://a.example\n", "\nunix:/tmp/s\n", "\nhttps://a b\n", "\nx\n"}) {
    const auto list = ParseEndpointList(AsBytes(text));
    ASSERT_FALSE(list) << text;
    EXPECT_TRUE(list.error().message.starts_with("line 2: ")) << list.error().message;
  }
  EXPECT_FALSE(ParseEndpointList(AsBytes(std::string(kMaxEndpointListBytes + 1, '#'))));
}

}  // namespace
}  // namespace plasm::discovery
