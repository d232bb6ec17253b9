#include "jobs/output_buffer.h"

#include <gtest/gtest.h>

#include <string>

#include "base/testing/temp_folder.h"

namespace plasm::jobs {
namespace {

class OutputBufferTest : public ::testing::Test {
 protected:
  const plasm::testing::TempFolder folder_;
  const BlobStore blobs_{folder_.path()};
  OutputBuffer buffer_{blobs_};

  std::string Read(std::uint64_t offset, std::size_t most) {
    const auto bytes = buffer_.Read(offset, most);
    return bytes ? std::string(AsText(*bytes)) : bytes.error().message;
  }
};

TEST_F(OutputBufferTest, ShortOutputStaysInMemory) {
  ASSERT_TRUE(buffer_.Append(AsBytes("one ")));
  ASSERT_TRUE(buffer_.Append(AsBytes("two")));
  EXPECT_EQ(buffer_.size(), 7u);
  EXPECT_EQ(Read(0, 100), "one two");
  EXPECT_EQ(Read(4, 2), "tw");
  EXPECT_EQ(Read(7, 10), "");
  EXPECT_EQ(Read(UINT64_MAX, 10), "");
  const auto record = buffer_.Finish(Sha256Of(AsBytes("one two")));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->bytes, 7u);
  ASSERT_TRUE(record->contents);
  EXPECT_EQ(AsText(*record->contents), "one two");
}

TEST_F(OutputBufferTest, LongOutputBecomesABlobAndCanBeReadAllTheTime) {
  const std::string piece(40'000, 'x');
  std::string all;
  for (int i = 0; i < 5; ++i) {
    const std::string text = piece + std::to_string(i);
    ASSERT_TRUE(buffer_.Append(AsBytes(text)));
    all += text;
    EXPECT_EQ(Read(0, all.size()), all);
    EXPECT_EQ(Read(all.size() - 3, 100), all.substr(all.size() - 3));
  }
  const Sha256Digest digest = Sha256Of(AsBytes(all));
  const auto record = buffer_.Finish(digest);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->bytes, all.size());
  EXPECT_FALSE(record->contents);
  const auto blob = ReadContent(blobs_, digest, 1 << 20);
  ASSERT_TRUE(blob);
  EXPECT_EQ(AsText(*blob), all);
  EXPECT_EQ(Read(0, 5), "xxxxx");  // whoever is still watching
}

TEST_F(OutputBufferTest, WhatIsClearedIsGone) {
  ASSERT_TRUE(buffer_.Append(Bytes(100'000)));
  buffer_.Clear();
  EXPECT_EQ(buffer_.size(), 0u);
  ASSERT_TRUE(buffer_.Append(AsBytes("new")));
  EXPECT_EQ(Read(0, 10), "new");
}

}  // namespace
}  // namespace plasm::jobs
