#include "blobs/blob_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/file.h"

namespace plasm {
namespace {

namespace fs = std::filesystem;

class BlobStoreTest : public testing::Test {
 protected:
  static fs::path NewFolder() {
    std::string name = testing::TempDir() + "blobs-XXXXXX";
    return mkdtemp(name.data());
  }
  ~BlobStoreTest() override { fs::remove_all(folder_); }

  fs::path PathOf(const Sha256Digest& digest) const {
    return folder_ / "store" / digest.ToHex().substr(0, 2) / digest.ToHex().substr(2);
  }

  const fs::path folder_ = NewFolder();
  BlobStore store_{folder_ / "store"};
};

TEST_F(BlobStoreTest, GivesBackWhatWasPut) {
  const Sha256Digest digest = Sha256Of(AsBytes("some bytes"));
  EXPECT_FALSE(store_.Has(digest));
  ASSERT_TRUE(store_.Put(digest, AsBytes("some bytes")));
  EXPECT_TRUE(store_.Has(digest));
  EXPECT_EQ(AsText(*ReadContent(store_, digest, 100)), "some bytes");
}

TEST_F(BlobStoreTest, GivesBackWhatWasWrittenInPieces) {
  auto writer = store_.NewBlob();
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->Write(AsBytes("some ")));
  ASSERT_TRUE(writer->Write(AsBytes("bytes")));
  const auto blob = writer->Finish();
  ASSERT_TRUE(blob);
  EXPECT_EQ(blob->digest, Sha256Of(AsBytes("some bytes")));
  EXPECT_EQ(blob->bytes, 10u);
  EXPECT_EQ(AsText(*ReadContent(store_, blob->digest, 100)), "some bytes");
}

TEST_F(BlobStoreTest, ABlobThatIsNotFinishedLeavesNothing) {
  {
    auto writer = store_.NewBlob();
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->Write(AsBytes("half")));
  }
  EXPECT_TRUE(fs::is_empty(folder_ / "store"));
}

TEST_F(BlobStoreTest, ABlobThatIsThereAlreadyLeavesNoSecondFile) {
  const Sha256Digest digest = Sha256Of(AsBytes("twice"));
  ASSERT_TRUE(store_.Put(digest, AsBytes("twice")));
  {
    auto writer = store_.NewBlob();
    ASSERT_TRUE(writer->Write(AsBytes("twice")));
    EXPECT_EQ(writer->Finish()->digest, digest);
  }
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "store")) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(files, 1u);
}

TEST_F(BlobStoreTest, KeepsNoBytes) {
  const Sha256Digest digest = Sha256Of({});
  ASSERT_TRUE(store_.Put(digest, {}));
  EXPECT_EQ(ReadContent(store_, digest, 0)->size(), 0u);
}

TEST_F(BlobStoreTest, SaysThatABlobIsNotThere) {
  EXPECT_EQ(ReadContent(store_, Sha256Of(AsBytes("x")), 9).error().code, ErrorCode::kNotFound);
}

TEST_F(BlobStoreTest, ReadsNoMoreThanAskedFor) {
  const Sha256Digest digest = Sha256Of(AsBytes("four"));
  ASSERT_TRUE(store_.Put(digest, AsBytes("four")));
  EXPECT_EQ(ReadContent(store_, digest, 3).error().code, ErrorCode::kLimitExceeded);
}

TEST_F(BlobStoreTest, ADamagedBlobIsNoticedAndCanBePutAgain) {
  const Sha256Digest digest = Sha256Of(AsBytes("right"));
  ASSERT_TRUE(store_.Put(digest, AsBytes("right")));
  ASSERT_TRUE(WriteFileAtomically(PathOf(digest), AsBytes("wrong")));
  EXPECT_EQ(ReadContent(store_, digest, 100).error().code, ErrorCode::kCorrupt);
  EXPECT_FALSE(store_.Has(digest));
  ASSERT_TRUE(store_.Put(digest, AsBytes("right")));
  EXPECT_TRUE(ReadContent(store_, digest, 100));
}

TEST_F(BlobStoreTest, ABlobThatWasCutIsWrittenAgain) {
  const Sha256Digest digest = Sha256Of(AsBytes("whole"));
  ASSERT_TRUE(WriteFileAtomically(folder_ / "half", AsBytes("who")));
  fs::create_directories(PathOf(digest).parent_path());
  fs::rename(folder_ / "half", PathOf(digest));
  ASSERT_TRUE(store_.Put(digest, AsBytes("whole")));
  EXPECT_EQ(AsText(*ReadContent(store_, digest, 100)), "whole");
}

TEST_F(BlobStoreTest, DoesNotFollowLinks) {
  const Sha256Digest digest = Sha256Of(AsBytes("target"));
  ASSERT_TRUE(WriteFileAtomically(folder_ / "target", AsBytes("target")));
  fs::create_directories(PathOf(digest).parent_path());
  fs::create_symlink(folder_ / "target", PathOf(digest));
  EXPECT_FALSE(store_.Find(digest));
}

TEST_F(BlobStoreTest, SeveralPlacesAreAskedInOrder) {
  const BlobStore other(folder_ / "other");
  const Sha256Digest digest = Sha256Of(AsBytes("elsewhere"));
  ASSERT_TRUE(other.Put(digest, AsBytes("elsewhere")));
  const ContentSources both({&store_, &other});
  EXPECT_EQ(AsText(*ReadContent(both, digest, 100)), "elsewhere");
  EXPECT_EQ(ReadContent(both, Sha256Of(AsBytes("x")), 9).error().code, ErrorCode::kNotFound);
}

TEST_F(BlobStoreTest, NobodyElseCanReadIt) {
  const Sha256Digest digest = Sha256Of(AsBytes("secret"));
  ASSERT_TRUE(store_.Put(digest, AsBytes("secret")));
  struct stat status{};
  ASSERT_EQ(stat(PathOf(digest).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0400u);
  ASSERT_EQ(stat((folder_ / "store").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0700u);
}

TEST_F(BlobStoreTest, ListsBlobsAndNothingElse) {
  EXPECT_TRUE(store_.List()->empty());  // without a folder
  const Sha256Digest digest = Sha256Of(AsBytes("listed"));
  ASSERT_TRUE(store_.Put(digest, AsBytes("listed")));
  std::ofstream(PathOf(digest).parent_path() / ".temporary") << "x";
  std::ofstream(folder_ / "store" / "xy") << "x";
  fs::create_directory(folder_ / "store" / "zz");
  std::ofstream(folder_ / "store" / "zz" / "notes") << "x";
  const auto listed = store_.List();
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(listed->front().digest, digest);
  EXPECT_EQ(listed->front().bytes, 6u);
}

TEST_F(BlobStoreTest, ARemovedBlobIsGoneAndCanBePutAgain) {
  const Sha256Digest digest = Sha256Of(AsBytes("gone"));
  ASSERT_TRUE(store_.Remove(digest));
  ASSERT_TRUE(store_.Put(digest, AsBytes("gone")));
  ASSERT_TRUE(store_.Remove(digest));
  EXPECT_FALSE(store_.Has(digest));
  ASSERT_TRUE(store_.Put(digest, AsBytes("gone")));
  EXPECT_TRUE(store_.Has(digest));
}

TEST_F(BlobStoreTest, SyncsWhatIsThere) {
  const Sha256Digest one = Sha256Of(AsBytes("one"));
  const Sha256Digest two = Sha256Of(AsBytes("two"));
  ASSERT_TRUE(store_.Put(one, AsBytes("one")));
  EXPECT_TRUE(store_.Sync(std::vector{one}));
  EXPECT_EQ(store_.Sync(std::vector{one, two}).error().code, ErrorCode::kNotFound);
}

TEST_F(BlobStoreTest, WhatIsPutDurablyHasItsDigest) {
  const Sha256Digest digest = Sha256Of(AsBytes("right"));
  EXPECT_EQ(store_.PutDurably(digest, AsBytes("wrong")).error().code, ErrorCode::kInvalid);
  EXPECT_FALSE(store_.Has(digest));
  ASSERT_TRUE(store_.PutDurably(digest, AsBytes("right")));
  EXPECT_EQ(AsText(*ReadContent(store_, digest, 100)), "right");
}

TEST_F(BlobStoreTest, WhatIsPutDurablyReplacesADamagedBlobOfTheSameSize) {
  const Sha256Digest digest = Sha256Of(AsBytes("right"));
  ASSERT_TRUE(store_.Put(digest, AsBytes("right")));
  ASSERT_TRUE(WriteFileAtomically(PathOf(digest), AsBytes("wrong")));
  ASSERT_TRUE(store_.PutDurably(digest, AsBytes("right")));
  EXPECT_EQ(AsText(*ReadContent(store_, digest, 100)), "right");
}

}  // namespace
}  // namespace plasm
