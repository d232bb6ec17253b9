#include "worker/protocol/output_path.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm::worker {
namespace {

TEST(OutputPathTest, AcceptsPlainRelativePaths) {
  for (const std::string& path :
       {std::string(), std::string("a"), std::string("a/b/c.txt"), std::string("..."),
        std::string(".hidden"), std::string("a..b/.c"), std::string("with space"),
        std::string("\xc3\xa4/\xf0\x9f\x98\x80"), std::string(255, 'x'), std::string("-rf"),
        std::string("a\\b")}) {
    EXPECT_TRUE(IsSafeOutputPath(path)) << path;
  }
}

TEST(OutputPathTest, RefusesWhatCouldLeadElsewhere) {
  for (const std::string& path :
       {std::string("/"), std::string("/etc/passwd"), std::string(".."), std::string("."),
        std::string("../a"), std::string("a/.."), std::string("a/../b"), std::string("a/./b"),
        std::string("a//b"), std::string("a/"), std::string("//")}) {
    EXPECT_FALSE(IsSafeOutputPath(path)) << path;
  }
}

TEST(OutputPathTest, RefusesBytesThatAreNotText) {
  for (const std::string& path :
       {std::string("a\0b", 3), std::string("a\nb"), std::string("\x1b[31m"), std::string("a\x7f"),
        std::string("\xff"), std::string("\xc0\xaf"), std::string("\xed\xa0\x80")}) {
    EXPECT_FALSE(IsSafeOutputPath(path));
  }
}

TEST(OutputPathTest, RefusesLongNamesAndLongPaths) {
  EXPECT_FALSE(IsSafeOutputPath(std::string(256, 'x')));
  std::string path = "x";
  while (path.size() + 2 <= 4000) path += "/x";
  EXPECT_TRUE(IsSafeOutputPath(path));
  EXPECT_FALSE(IsSafeOutputPath(path + "/x"));
}

}  // namespace
}  // namespace plasm::worker
