#include "execution/result_digests.h"

#include <gtest/gtest.h>

#include "execution/testing/contents.h"

namespace plasm::execution {
namespace {

using testing::DigestOf;
using worker::Stream;

TEST(GuestPathTest, JoinsWithOneSlash) {
  EXPECT_EQ(GuestPathOf("/out", "a/b"), "/out/a/b");
  EXPECT_EQ(GuestPathOf("/out/", "a"), "/out/a");
  EXPECT_EQ(GuestPathOf("/", "a"), "/a");
  EXPECT_EQ(GuestPathOf("/out", ""), "/out");
}

class ResultDigestsTest : public ::testing::Test {
 protected:
  testing::RecordedEvents events_;
  ResultDigests digests_{events_, {"/out", "/out/b", "file"}};
};

TEST_F(ResultDigestsTest, TakesStreamsApart) {
  digests_.OnOutput(Stream::kStdout, AsBytes("on"));
  digests_.OnOutput(Stream::kStderr, AsBytes("!"));
  digests_.OnOutput(Stream::kStdout, AsBytes("e"));
  EXPECT_EQ(digests_.TakeStream(Stream::kStdout), (receipt::StreamSubject{DigestOf("one"), 3}));
  EXPECT_EQ(digests_.TakeStream(Stream::kStderr), (receipt::StreamSubject{DigestOf("!"), 1}));
}

TEST_F(ResultDigestsTest, AStreamThatSaidNothingHasTheDigestOfNothing) {
  EXPECT_EQ(digests_.TakeStream(Stream::kStdout), (receipt::StreamSubject{DigestOf(""), 0}));
}

TEST_F(ResultDigestsTest, FilesAreSortedBytewiseAndFoldersAreNone) {
  ASSERT_TRUE(digests_.OnFile(testing::Folder(0, "")));
  testing::Send(digests_, 0, "b", "B");
  testing::Send(digests_, 0, "a.txt", "");
  testing::Send(digests_, 0, "a/b", "AB");
  testing::Send(digests_, 2, "", "F");
  EXPECT_EQ(digests_.TakeFiles(), (std::vector<receipt::FileSubject>{{"/out/a.txt", DigestOf("")},
                                                                     {"/out/a/b", DigestOf("AB")},
                                                                     {"/out/b", DigestOf("B")},
                                                                     {"file", DigestOf("F")}}));
}

TEST_F(ResultDigestsTest, AFileInPiecesIsOneFile) {
  ASSERT_TRUE(digests_.OnFile(testing::File(0, "a", 4)));
  ASSERT_TRUE(digests_.OnFileData(AsBytes("abc")));
  ASSERT_TRUE(digests_.OnFileData(AsBytes("d")));
  testing::Send(digests_, 0, "b", "e");
  EXPECT_EQ(digests_.TakeFiles(), (std::vector<receipt::FileSubject>{{"/out/a", DigestOf("abcd")},
                                                                     {"/out/b", DigestOf("e")}}));
}

TEST_F(ResultDigestsTest, WhatTwoOutputsBringBackIsNamedOnce) {
  testing::Send(digests_, 0, "b/x", "X");
  testing::Send(digests_, 1, "x", "X");
  EXPECT_EQ(digests_.TakeFiles(), (std::vector<receipt::FileSubject>{{"/out/b/x", DigestOf("X")}}));
}

TEST_F(ResultDigestsTest, AFileThatNoReceiptCanNameIsRefused) {
  const auto refused = digests_.OnFile(testing::File(0, "\xff", 0));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
}

TEST_F(ResultDigestsTest, HandsEverythingOn) {
  digests_.OnOutput(Stream::kStderr, AsBytes("x"));
  testing::Send(digests_, 0, "a", "A");
  digests_.OnWritable();
  digests_.OnEnded({});
  EXPECT_EQ(events_.text, "err x\nfile a\ndata A\nwritable\nended\n");
}

// Or a slow reader of `plasmd run` would fill the memory of this process.
TEST_F(ResultDigestsTest, WhoeverCannotTakeMoreIsWaitedFor) {
  EXPECT_EQ(digests_.BlockedOn(), -1);
  events_.blocked_on = 7;
  EXPECT_EQ(digests_.BlockedOn(), 7);
}

}  // namespace
}  // namespace plasm::execution
