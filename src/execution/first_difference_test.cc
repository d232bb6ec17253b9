#include "execution/first_difference.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <string>

#include "execution/testing/contents.h"

namespace plasm::execution {
namespace {

using worker::Stream;
using Offset = std::optional<std::uint64_t>;

class FirstDifferencesTest : public ::testing::Test {
 protected:
  // Where a stdout of these pieces leaves the recorded one.
  Offset OffsetOf(const std::string& recorded, const std::vector<std::string>& pieces) {
    recorded_.stdout_subject.digest = contents_.Add(recorded);
    FirstDifferences differences(recorded_, contents_, {});
    for (const std::string& piece : pieces) {
      differences.OnOutput(Stream::kStdout, AsBytes(piece));
    }
    return differences.OffsetIn(Stream::kStdout);
  }

  testing::Contents contents_;
  receipt::Statement recorded_;
};

TEST_F(FirstDifferencesTest, TheSameHasNone) {
  EXPECT_EQ(OffsetOf("abcdef", {"abcdef"}), Offset());
  EXPECT_EQ(OffsetOf("abcdef", {"ab", "c", "def"}), Offset());
  EXPECT_EQ(OffsetOf("", {}), Offset());
}

TEST_F(FirstDifferencesTest, CountsFromZeroAcrossPieces) {
  EXPECT_EQ(OffsetOf("abcdef", {"Xbcdef"}), Offset(0));
  EXPECT_EQ(OffsetOf("abcdef", {"ab", "cXef"}), Offset(3));
  EXPECT_EQ(OffsetOf("abcdef", {"ab", "cX", "XX", "f"}), Offset(3));
}

TEST_F(FirstDifferencesTest, AShorterOneEndsWhereTheDifferenceBegins) {
  EXPECT_EQ(OffsetOf("abcdef", {"abc"}), Offset(3));
  EXPECT_EQ(OffsetOf("abc", {"abc", "def"}), Offset(3));
  EXPECT_EQ(OffsetOf("abc", {"abcdef"}), Offset(3));
  EXPECT_EQ(OffsetOf("abc", {}), Offset(0));
  EXPECT_EQ(OffsetOf("", {"a"}), Offset(0));
}

TEST_F(FirstDifferencesTest, LongPiecesAreComparedWhole) {
  const std::string recorded(200'000, 'a');
  std::string other = recorded;
  other[150'000] = 'b';
  EXPECT_EQ(OffsetOf(recorded, {other}), Offset(150'000));
  EXPECT_EQ(OffsetOf(recorded, {recorded}), Offset());
}

TEST_F(FirstDifferencesTest, WhatIsNotAtHandHasNone) {
  recorded_.stdout_subject.digest = testing::DigestOf("nowhere");
  FirstDifferences differences(recorded_, contents_, {});
  differences.OnOutput(Stream::kStdout, AsBytes("x"));
  EXPECT_EQ(differences.OffsetIn(Stream::kStdout), Offset());
}

TEST_F(FirstDifferencesTest, FilesAreFollowedByTheirPathInTheGuest) {
  recorded_.files = {{"/out/a", contents_.Add("same")},
                     {"/out/b", contents_.Add("12345")},
                     {"/out/c", contents_.Add("long")}};
  FirstDifferences differences(recorded_, contents_, {"/other", "/out"});
  testing::Send(differences, 1, "c", "lo");
  ASSERT_TRUE(differences.OnFile(testing::Folder(1, "")));
  testing::Send(differences, 1, "b", "12x45");
  testing::Send(differences, 0, "b", "another file");
  testing::Send(differences, 1, "a", "same");
  EXPECT_EQ(differences.OffsetIn("/out/a"), Offset());
  EXPECT_EQ(differences.OffsetIn("/out/b"), Offset(2));
  EXPECT_EQ(differences.OffsetIn("/out/c"), Offset(2));
  EXPECT_EQ(differences.OffsetIn("/other/b"), Offset());
}

TEST_F(FirstDifferencesTest, TheLastFileCountsToo) {
  recorded_.files = {{"/out/a", contents_.Add("12345")}};
  FirstDifferences differences(recorded_, contents_, {"/out"});
  testing::Send(differences, 0, "a", "1234");
  EXPECT_EQ(differences.OffsetIn("/out/a"), Offset(4));
}

// Or a job with thousands of output files could not be run again.
TEST_F(FirstDifferencesTest, HasOneFileOpenAtATime) {
  constexpr std::uint32_t kFiles = 200;
  const Sha256Digest digest = contents_.Add("contents");
  for (std::uint32_t i = 0; i < kFiles; ++i) {
    recorded_.files.push_back({"/out/" + std::to_string(1000 + i), digest});
  }
  FirstDifferences differences(recorded_, contents_, {"/out"});
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit few = before;
  few.rlim_cur = 50;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  for (std::uint32_t i = 0; i < kFiles; ++i) {
    testing::Send(differences, 0, std::to_string(1000 + i), "Xontents");
  }
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(differences.OffsetIn("/out/1199"), Offset(0));
}

}  // namespace
}  // namespace plasm::execution
