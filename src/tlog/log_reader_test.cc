#include "tlog/log_reader.h"

#include <gtest/gtest.h>

#include "tlog/log_writer.h"
#include "tlog/testing/entries.h"
#include "tlog/testing/keys.h"
#include "tlog/testing/memory_storage.h"

namespace plasm::tlog {
namespace {

using testing::AppendEntries;
using testing::EntryText;

const std::string kOrigin = "plasm.invalid/log";

class LogReaderTest : public ::testing::Test {
 protected:
  LogReaderTest() {
    auto log = LogWriter::Create(storage_, kOrigin, key_);
    EXPECT_TRUE(AppendEntries(*log, 0, 600));
  }
  LogReader Open(std::size_t cached_tiles = 1024) {
    auto reader = LogReader::Open(storage_, verifier_, cached_tiles);
    EXPECT_TRUE(reader) << reader.error().message;
    return *std::move(reader);
  }
  void Damage(const std::string& path, std::size_t offset) {
    storage_.resources.at(path)[offset] ^= std::byte{1};
  }

  crypto::SigningKey key_ = testing::Key(1);
  VerifierKey verifier_ = LogVerifierKey(kOrigin, key_.public_key());
  testing::MemoryStorage storage_;
};

TEST_F(LogReaderTest, GivesEntriesAndProofs) {
  LogReader reader = Open(2);  // so few that tiles are read again
  for (const std::uint64_t index : {0U, 255U, 256U, 511U, 512U, 599U}) {
    const auto entry = reader.Entry(index);
    ASSERT_TRUE(entry) << entry.error().message;
    EXPECT_EQ(AsText(*entry), EntryText(index));
    const auto proof = reader.Proof(index);
    ASSERT_TRUE(proof);
    EXPECT_TRUE(VerifyInclusion(LeafHash(*entry), index, reader.checkpoint().checkpoint.head,
                                proof->hashes));
  }
  EXPECT_EQ(reader.Entry(600).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(reader.Proof(600).error().code, ErrorCode::kInvalid);
}

TEST_F(LogReaderTest, ProvesGrowthFromEverySize) {
  LogReader reader = Open();
  for (std::uint64_t older = 0; older <= 600; older += 13) {
    const auto growth = reader.ConsistencyProof(older);
    ASSERT_TRUE(growth);
    EXPECT_TRUE(
        VerifyConsistency(growth->older, reader.checkpoint().checkpoint.head, growth->proof));
  }
  EXPECT_EQ(reader.ConsistencyProof(601).error().code, ErrorCode::kInvalid);
}

TEST_F(LogReaderTest, TakesAFullTileWhereThePartialOneIsGone) {
  LogReader before = Open();
  auto log = LogWriter::Open(storage_, kOrigin, key_);
  ASSERT_TRUE(AppendEntries(*log, 600, 200));
  ASSERT_FALSE(storage_.resources.contains("tile/0/002.p/88"));
  EXPECT_EQ(AsText(*before.Entry(599)), EntryText(599));
  EXPECT_EQ(before.Proof(599)->checkpoint.checkpoint.head.size, 600U);
}

TEST_F(LogReaderTest, NoticesEveryDamagedResource) {
  Damage("tile/0/001", 5);
  EXPECT_EQ(Open().Proof(256).error().code, ErrorCode::kCorrupt);
  Damage("tile/0/001", 5);
  Damage("tile/1/000.p/2", 40);
  EXPECT_EQ(Open().Proof(0).error().code, ErrorCode::kCorrupt);
  Damage("tile/1/000.p/2", 40);
  Damage("tile/entries/001", 4);
  EXPECT_EQ(Open().Entry(256).error().code, ErrorCode::kCorrupt);
  EXPECT_TRUE(Open().Entry(257));
  Damage("tile/entries/001", 4);
  storage_.resources["tile/0/002.p/88"].resize(87 * 32);
  EXPECT_EQ(Open().Proof(512).error().code, ErrorCode::kCorrupt);
  storage_.resources.erase("tile/0/002.p/88");
  EXPECT_EQ(Open().Proof(512).error().code, ErrorCode::kCorrupt);
}

TEST_F(LogReaderTest, ReadsAgainWhatWasPutRight) {
  LogReader reader = Open();
  Damage("tile/0/000", 5);
  EXPECT_FALSE(reader.Proof(0));
  Damage("tile/0/000", 5);
  EXPECT_TRUE(reader.Proof(0));
}

TEST_F(LogReaderTest, RefusesACheckpointThatTheLogHasNotSigned) {
  EXPECT_EQ(
      LogReader::Open(storage_, LogVerifierKey(kOrigin, testing::Key(2).public_key())).error().code,
      ErrorCode::kCorrupt);
  EXPECT_FALSE(LogReader::Open(storage_, LogVerifierKey("other", key_.public_key())));
  storage_.resources.erase("checkpoint");
  EXPECT_EQ(LogReader::Open(storage_, verifier_).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace plasm::tlog
