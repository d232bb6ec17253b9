#include "net/endpoint.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm::net {
namespace {

TEST(EndpointTest, ReadsHostsAndPorts) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"https://node.example", "https://node.example:7420"},
      {"https://Node.Example:443/", "https://node.example:443"},
      {"https://127.0.0.1:1", "https://127.0.0.1:1"},
      {"https://[::1]", "https://[::1]:7420"},
      {"https://[2001:db8::1]:65535", "https://[2001:db8::1]:65535"},
      {"unix:/run/plasm/socket", "unix:/run/plasm/socket"},
  };
  for (const auto& [text, canonical] : cases) {
    const auto endpoint = Endpoint::Parse(text);
    ASSERT_TRUE(endpoint) << endpoint.error().message;
    EXPECT_EQ(endpoint->ToString(), canonical);
    EXPECT_EQ(*Endpoint::Parse(canonical), *endpoint);
  }
  EXPECT_EQ(Endpoint::Parse("https://[::1]:80")->host, "::1");
}

TEST(EndpointTest, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      "node",
                                      "http://node",
                                      "HTTPS://node",
                                      "https://",
                                      "https:///",
                                      "https://node//",
                                      "https://node/x",
                                      "https://node?x",
                                      "https://node#x",
                                      "https://user@node",
                                      "https://node:",
                                      "https://node:0",
                                      "https://node:65536",
                                      "https://node:080",
                                      "https://node:+1",
                                      "https://node: 1",
                                      "https://-node",
                                      "https://node-",
                                      "https://a..b",
                                      "https://.a",
                                      "https://a.",
                                      "https://a b",
                                      "https://a%20b",
                                      "https://[::1",
                                      "https://[::1]x",
                                      "https://[127.0.0.1]",
                                      "https://[fe80::1%25eth0]",
                                      "https://::1",
                                      "https://127.1",
                                      "https://0x7f.1",
                                      "https://256.0.0.1",
                                      "https://1",
                                      "unix:",
                                      "unix:/",
                                      "unix:relative",
                                      "unix://host/path\n",
                                      "unix:/a\x01"}) {
    EXPECT_FALSE(Endpoint::Parse(text)) << text;
  }
  EXPECT_FALSE(Endpoint::Parse(std::string("https://a\0b", 11)));
  EXPECT_FALSE(Endpoint::Parse("unix:/" + std::string(107, 'x')));
  EXPECT_TRUE(Endpoint::Parse("unix:/" + std::string(106, 'x')));
}

}  // namespace
}  // namespace plasm::net
