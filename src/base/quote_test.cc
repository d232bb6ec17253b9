#include "base/quote.h"

#include <gtest/gtest.h>

namespace plasm {
namespace {

TEST(QuoteTest, PrintableAsciiStaysAsItIs) { EXPECT_EQ(Quote("a key ~!"), "\"a key ~!\""); }

TEST(QuoteTest, EscapesWhatCouldForgeALineOrSteerATerminal) {
  EXPECT_EQ(Quote("\"\\\n\x1b[2J\x7f\xc2\x9b"), R"("\"\\\x0a\x1b[2J\x7f\xc2\x9b")");
  EXPECT_EQ(Quote(std::string_view("\0", 1)), R"("\x00")");
}

TEST(QuoteTest, CutsLongText) {
  EXPECT_EQ(Quote(std::string(64, 'a')), "\"" + std::string(64, 'a') + "\"");
  EXPECT_EQ(Quote(std::string(65, 'a')), "\"" + std::string(64, 'a') + "\"...");
}

}  // namespace
}  // namespace plasm
