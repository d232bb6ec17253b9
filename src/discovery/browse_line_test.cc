#include "discovery/browse_line.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm::discovery {
namespace {

const std::string kId(64, '1');
const std::string kLine =
    R"(=;eth0;IPv4;node\032alpha;_plasm._tcp;local;alpha.local;192.0.2.7;7420;)";

TEST(BrowseLineTest, AResolvedServiceIsAHint) {
  const auto hint = ParseBrowseLine(kLine + R"("card=7" "id=)" + kId + R"(" "v=1")");
  ASSERT_TRUE(hint);
  EXPECT_EQ(hint->endpoint.ToString(), "https://192.0.2.7:7420");
  EXPECT_EQ(hint->origin, HintOrigin::kLan);
  EXPECT_EQ(hint->identity->ToHex(), kId);
  EXPECT_FALSE(hint->signed_version) << "nobody has signed it";
  const auto v6 = ParseBrowseLine(
      R"(=;lo;IPv6;n;_plasm._tcp;local;h.local;2001:db8::7;1;"v=1" "note=a;b \"c\"")");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->endpoint.ToString(), "https://[2001:db8::7]:1");
}

TEST(BrowseLineTest, OtherLinesAreNone) {
  for (const std::string& line :
       {std::string(), std::string("+;eth0;IPv4;n;_plasm._tcp;local"), kLine, kLine + R"("v=2")",
        kLine + R"("v=1" "id=x")", kLine + R"("v=1)",
        std::string(R"(=;e;IPv4;n;_http._tcp;local;h;192.0.2.7;7420;"v=1")"),
        std::string(R"(=;e;IPv4;n;_plasm._tcp;local;h;192.0.2.7;0;"v=1")"),
        std::string(R"(=;e;IPv4;n;_plasm._tcp;local;h;h.local;7420;"v=1")"),
        std::string(R"(=;e;IPv6;n;_plasm._tcp;local;h;fe80::1;7420;"v=1")"),
        kLine + R"("v=1")" + std::string(kMaxBrowseLineBytes, ' ')}) {
    EXPECT_FALSE(ParseBrowseLine(line)) << line.substr(0, 200);
  }
}

TEST(BrowseLineTest, ANameIsCutBetweenCharacters) {
  EXPECT_EQ(ServiceName("node"), "node");
  EXPECT_EQ(ServiceName(std::string(80, 'a')).size(), 63u);
  EXPECT_EQ(ServiceName(std::string(62, 'a') + "\u00e9").size(), 62u);
}

}  // namespace
}  // namespace plasm::discovery
