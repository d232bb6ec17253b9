#include "blobs/partial_blobs.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/testing/temp_folder.h"
#include "blobs/content_source.h"

namespace plasm {
namespace {

class PartialBlobsTest : public ::testing::Test {
 protected:
  PartialBlob Open(std::uint64_t max_bytes = 100) {
    auto blob = partial_.Open(digest_, max_bytes);
    if (!blob) throw std::runtime_error(blob.error().message);
    return *std::move(blob);
  }
  std::filesystem::path Partial() const { return folder_ / "partial/" / digest_.ToHex(); }

  const plasm::testing::TempFolder folder_;
  const BlobStore store_{folder_.path()};
  const PartialBlobs partial_{store_};
  const Sha256Digest digest_ = Sha256Of(AsBytes("some bytes"));
};

TEST_F(PartialBlobsTest, PiecesBecomeABlob) {
  PartialBlob blob = Open();
  ASSERT_TRUE(blob.Append(0, AsBytes("some ")));
  ASSERT_TRUE(blob.Append(5, AsBytes("bytes")));
  EXPECT_FALSE(store_.Has(digest_));
  const auto stored = blob.Finish();
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(stored->digest, digest_);
  EXPECT_EQ(stored->bytes, 10u);
  EXPECT_EQ(AsText(*ReadContent(store_, digest_, 100)), "some bytes");
  EXPECT_EQ(partial_.SizeOf(digest_), 0u);
  EXPECT_EQ(store_.List()->size(), 1u);
}

TEST_F(PartialBlobsTest, OneThatWasCutOffGoesOnWhereItEnded) {
  EXPECT_EQ(partial_.SizeOf(digest_), 0u);
  {
    ASSERT_TRUE(Open().Append(0, AsBytes("some ")));
  }
  EXPECT_EQ(partial_.SizeOf(digest_), 5u);
  PartialBlob blob = Open();
  EXPECT_EQ(blob.bytes(), 5u);
  ASSERT_TRUE(blob.Append(5, AsBytes("bytes")));
  ASSERT_TRUE(blob.Finish());
  EXPECT_TRUE(store_.Has(digest_));
}

TEST_F(PartialBlobsTest, APieceBelongsWhereTheLastOneEnded) {
  PartialBlob blob = Open();
  ASSERT_TRUE(blob.Append(0, AsBytes("some ")));
  for (const std::uint64_t offset : {std::uint64_t{0}, std::uint64_t{6}, UINT64_MAX}) {
    EXPECT_EQ(blob.Append(offset, AsBytes("x")).error().code, ErrorCode::kConflict);
  }
  ASSERT_TRUE(blob.Append(5, AsBytes("bytes")));
  EXPECT_TRUE(blob.Finish());
}

TEST_F(PartialBlobsTest, OtherContentsThanExpectedLeaveNothing) {
  PartialBlob blob = Open();
  ASSERT_TRUE(blob.Append(0, AsBytes("other bytes")));
  const auto stored = blob.Finish();
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, ErrorCode::kInvalid);
  EXPECT_NE(stored.error().message.find(digest_.ToString()), std::string::npos);
  EXPECT_FALSE(store_.Has(digest_));
  EXPECT_FALSE(std::filesystem::exists(Partial()));
}

TEST_F(PartialBlobsTest, IsNotLargerThanAllowed) {
  {
    PartialBlob blob = Open(6);
    ASSERT_TRUE(blob.Append(0, AsBytes("some ")));
    EXPECT_EQ(blob.Append(5, AsBytes("bytes")).error().code, ErrorCode::kLimitExceeded);
    ASSERT_TRUE(blob.Append(5, AsBytes("b")));
  }
  EXPECT_EQ(partial_.Open(digest_, 5).error().code, ErrorCode::kLimitExceeded);
}

TEST_F(PartialBlobsTest, OneAtATimeWritesIt) {
  const PartialBlob blob = Open();
  const auto second = partial_.Open(digest_, 100);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kConflict);
  EXPECT_TRUE(partial_.Open(Sha256Of(AsBytes("x")), 100));
}

TEST_F(PartialBlobsTest, OnlyOldOnesThatNobodyWritesAreRemoved) {
  {
    ASSERT_TRUE(Open().Append(0, AsBytes("some ")));
  }
  EXPECT_EQ(*partial_.RemoveOlderThan(1), 0u);
  {
    const PartialBlob blob = Open();
    EXPECT_EQ(*partial_.RemoveOlderThan(UINT64_MAX), 0u);
  }
  EXPECT_EQ(*partial_.RemoveOlderThan(UINT64_MAX), 1u);
  EXPECT_EQ(partial_.SizeOf(digest_), 0u);
}

TEST_F(PartialBlobsTest, FollowsNoLink) {
  {
    ASSERT_TRUE(Open().Append(0, AsBytes("x")));
  }
  std::filesystem::remove(Partial());
  ASSERT_TRUE(WriteFileAtomically(folder_ / "target", AsBytes("mine")));
  std::filesystem::create_symlink(folder_ / "target", Partial());
  EXPECT_FALSE(partial_.Open(digest_, 100));
}

}  // namespace
}  // namespace plasm
