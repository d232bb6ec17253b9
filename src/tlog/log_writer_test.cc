#include "tlog/log_writer.h"

#include <gtest/gtest.h>

#include "base/testing/temp_folder.h"
#include "tlog/cosignature.h"
#include "tlog/folder.h"
#include "tlog/folder_storage.h"
#include "tlog/fsck.h"
#include "tlog/log_reader.h"
#include "tlog/logged_entry.h"
#include "tlog/testing/entries.h"
#include "tlog/testing/keys.h"
#include "tlog/testing/memory_storage.h"

namespace plasm::tlog {
namespace {

using testing::AppendEntries;
using testing::EntryText;
using testing::Key;
using testing::MemoryStorage;

const std::string kOrigin = "plasm.invalid/log";

class LogWriterTest : public ::testing::Test {
 protected:
  LogWriter Create() {
    auto log = LogWriter::Create(storage_, kOrigin, key_);
    EXPECT_TRUE(log) << log.error().message;
    return *std::move(log);
  }
  Result<LogWriter> Open() { return LogWriter::Open(storage_, kOrigin, key_); }
  VerifierKey Verifier() const { return LogVerifierKey(kOrigin, key_.public_key()); }

  crypto::SigningKey key_ = Key(1);
  MemoryStorage storage_;
};

TEST_F(LogWriterTest, StartsWithTheSignedEmptyTree) {
  const LogWriter log = Create();
  EXPECT_EQ(log.size(), 0U);
  const auto reader = LogReader::Open(storage_, Verifier());
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->checkpoint().checkpoint.head, (TreeHead{0, EmptyRoot()}));
  EXPECT_TRUE(Fsck(storage_, Verifier()));
}

TEST_F(LogWriterTest, WritesTheResourcesOfTheSpecificationsExample) {
  LogWriter log = Create();
  ASSERT_TRUE(AppendEntries(log, 0, 70'000));
  std::size_t full = 0;
  for (const auto& [path, bytes] : storage_.resources) {
    if (path.starts_with("tile/0/") && bytes.size() == 8192) ++full;
  }
  EXPECT_EQ(full, 273U);
  EXPECT_EQ(storage_.resources.at("tile/0/273.p/112").size(), 112U * 32);
  EXPECT_EQ(storage_.resources.at("tile/1/000").size(), 8192U);
  EXPECT_EQ(storage_.resources.at("tile/1/001.p/17").size(), 17U * 32);
  EXPECT_EQ(storage_.resources.at("tile/2/000.p/1").size(), 32U);
  EXPECT_TRUE(storage_.resources.contains("tile/entries/272"));
  EXPECT_TRUE(storage_.resources.contains("tile/entries/273.p/112"));
  EXPECT_EQ(storage_.resources.size(), 2U * 274 + 3 + 1);
  EXPECT_TRUE(Fsck(storage_, Verifier()));
}

TEST_F(LogWriterTest, ALogOfOneFullTileHasAPartialOneAbove) {
  LogWriter log = Create();
  ASSERT_TRUE(AppendEntries(log, 0, 256));
  EXPECT_EQ(storage_.resources.size(), 4U);
  EXPECT_TRUE(storage_.resources.contains("tile/0/000"));
  EXPECT_TRUE(storage_.resources.contains("tile/entries/000"));
  EXPECT_EQ(storage_.resources.at("tile/1/000.p/1").size(), 32U);
}

TEST_F(LogWriterTest, GroupsOfAnySizeGiveTheSameTree) {
  LogWriter one_by_one = Create();
  std::uint64_t next = 0;
  for (const std::size_t count : {1U, 2U, 252U, 1U, 1U, 300U, 43U}) {
    const auto first = AppendEntries(one_by_one, next, count);
    ASSERT_TRUE(first);
    EXPECT_EQ(*first, next);
    next += count;
    ASSERT_TRUE(Fsck(storage_, Verifier()));
  }
  MemoryStorage other;
  auto at_once = LogWriter::Create(other, kOrigin, key_);
  ASSERT_TRUE(AppendEntries(*at_once, 0, next));
  EXPECT_EQ(one_by_one.checkpoint(), at_once->checkpoint());
}

TEST_F(LogWriterTest, RemovesPartialTilesWhenTheFullOneIsThere) {
  LogWriter log = Create();
  for (std::uint64_t i = 0; i < 255; ++i) ASSERT_TRUE(AppendEntries(log, i, 1));
  EXPECT_TRUE(storage_.resources.contains("tile/0/000.p/1"));  // an older checkpoint names it
  ASSERT_TRUE(AppendEntries(log, 255, 1));
  EXPECT_FALSE(storage_.resources.contains("tile/0/000.p/1"));
  EXPECT_FALSE(storage_.resources.contains("tile/entries/000.p/255"));
  EXPECT_TRUE(storage_.resources.contains("tile/entries/000"));
}

TEST_F(LogWriterTest, GoesOnAfterOpening) {
  std::uint64_t next = 0;
  Create();
  for (const std::size_t count : {3U, 253U, 1U, 255U, 300U, 212U}) {  // 1024 in all
    auto log = Open();
    ASSERT_TRUE(log) << log.error().message;
    ASSERT_TRUE(AppendEntries(*log, next, count));
    next += count;
  }
  EXPECT_EQ(Open()->size(), 1024U);
  EXPECT_TRUE(Fsck(storage_, Verifier()));
}

TEST_F(LogWriterTest, IsNotBegunAgain) {
  {
    LogWriter log = Create();
    ASSERT_TRUE(AppendEntries(log, 0, 3));
  }
  EXPECT_EQ(LogWriter::Create(storage_, kOrigin, key_).error().code, ErrorCode::kConflict);
  storage_.resources.erase("checkpoint");
  EXPECT_EQ(LogWriter::Create(storage_, kOrigin, key_).error().code, ErrorCode::kConflict);
  EXPECT_EQ(Open().error().code, ErrorCode::kNotFound);
}

TEST_F(LogWriterTest, RefusesBadOrigins) {
  for (const std::string& origin :
       {std::string(), std::string("a b"), std::string("a+b"), std::string("a\nb"),
        std::string("a\x7f"), std::string(256, 'a')}) {
    EXPECT_EQ(LogWriter::Create(storage_, origin, key_).error().code, ErrorCode::kInvalid);
  }
}

TEST_F(LogWriterTest, OpensOnlyItsOwnLog) {
  Create();
  const crypto::SigningKey other = Key(2);
  EXPECT_EQ(LogWriter::Open(storage_, kOrigin, other).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(LogWriter::Open(storage_, "other.invalid", key_).error().code, ErrorCode::kCorrupt);
}

TEST_F(LogWriterTest, DoesNotGoOnWhenItsTilesDisagreeWithTheCheckpoint) {
  {
    LogWriter log = Create();
    ASSERT_TRUE(AppendEntries(log, 0, 600));
  }
  const auto intact = storage_.resources;
  for (const char* path : {"tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/002.p/88",
                           "tile/0/001", "tile/entries/001"}) {
    storage_.resources = intact;
    storage_.resources.at(path).back() ^= std::byte{1};
    EXPECT_EQ(Open().error().code, ErrorCode::kCorrupt) << path;
    storage_.resources = intact;
    storage_.resources.at(path)[3] ^= std::byte{1};
    EXPECT_EQ(Open().error().code, ErrorCode::kCorrupt) << path;
    storage_.resources.erase(path);
    EXPECT_EQ(Open().error().code, ErrorCode::kCorrupt) << path;
    storage_.resources[path] = Bytes(32);
    EXPECT_EQ(Open().error().code, ErrorCode::kCorrupt) << path;
  }
  storage_.resources = intact;
  EXPECT_TRUE(Open());
}

TEST_F(LogWriterTest, AFailedWriteLeavesTheLogAsItWas) {
  LogWriter log = Create();
  ASSERT_TRUE(AppendEntries(log, 0, 3));
  const auto before = log.checkpoint();
  storage_.failing = Error{ErrorCode::kUnavailable, "disk full"};
  EXPECT_FALSE(AppendEntries(log, 3, 300));
  EXPECT_EQ(log.checkpoint(), before);
  storage_.failing.reset();
  ASSERT_TRUE(AppendEntries(log, 3, 2));
  EXPECT_EQ(log.size(), 5U);
  EXPECT_TRUE(Fsck(storage_, Verifier()));
}

TEST_F(LogWriterTest, SignsNothingMoreWhenItDoesNotKnowWhatIsPublished) {
  LogWriter log = Create();
  storage_.failing_checkpoint = Error{ErrorCode::kUnavailable, "disk full"};
  EXPECT_FALSE(AppendEntries(log, 0, 1));
  storage_.failing_checkpoint.reset();
  EXPECT_EQ(AppendEntries(log, 0, 2).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(log.PublishCosignatures(log.checkpoint().note.text, {}).error().code,
            ErrorCode::kUnavailable);
  EXPECT_TRUE(Open());
}

TEST_F(LogWriterTest, RefusesGroupsThatItCannotHold) {
  LogWriter log = Create();
  EXPECT_EQ(log.Append({}).error().code, ErrorCode::kInvalid);
  const Bytes largest(kMaxEntryBytes);
  const Bytes larger(kMaxEntryBytes + 1);
  EXPECT_EQ(log.Append(std::vector<ByteView>{largest, larger}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(log.size(), 0U);
  EXPECT_TRUE(log.Append(std::vector<ByteView>{largest, {}}));
  EXPECT_TRUE(Fsck(storage_, Verifier()));
}

TEST_F(LogWriterTest, ProvesEveryEntryAndTheLastOnesFromMemory) {
  LogWriter log = Create();
  ASSERT_TRUE(AppendEntries(log, 0, 700));
  const std::size_t reads = storage_.reads;
  const ExpectedLog expected{kOrigin, {key_.public_key()}};
  for (std::uint64_t index = 0; index < 700; ++index) {
    const auto proof = log.Proof(index);
    EXPECT_EQ(*log.ProofText(index), proof->Serialize());
    ASSERT_TRUE(proof);
    EXPECT_EQ(CheckLoggedEntry(AsBytes(EntryText(index)), AsBytes(proof->Serialize()), expected,
                               nullptr, 0)
                  .status,
              LoggedEntryStatus::kLogged);
  }
  EXPECT_EQ(storage_.reads, reads);
  EXPECT_FALSE(log.Proof(700));
  EXPECT_FALSE(log.ProofText(700));
  auto opened = Open();
  EXPECT_EQ(*opened->InclusionProof(5), *log.InclusionProof(5));
}

TEST_F(LogWriterTest, ProvesInEarlierCheckpointsToo) {
  LogWriter log = Create();
  std::vector<SignedCheckpoint> checkpoints;
  for (std::uint64_t i = 0; i < 30; ++i) {
    ASSERT_TRUE(AppendEntries(log, i * 20, 20));
    checkpoints.push_back(log.checkpoint());
  }
  for (const SignedCheckpoint& earlier : checkpoints) {
    const std::uint64_t last = earlier.checkpoint.head.size - 1;
    const auto proof = log.Proof(last, earlier);
    ASSERT_TRUE(proof) << proof.error().message;
    EXPECT_TRUE(VerifyInclusion(LeafHash(AsBytes(EntryText(last))), last, earlier.checkpoint.head,
                                proof->hashes));
    const auto growth = log.ConsistencyProof(last + 1);
    ASSERT_TRUE(growth);
    EXPECT_TRUE(
        VerifyConsistency(earlier.checkpoint.head, log.checkpoint().checkpoint.head, *growth));
  }
  MemoryStorage other;
  auto longer = LogWriter::Create(other, kOrigin, key_);
  ASSERT_TRUE(AppendEntries(*longer, 0, 601));
  EXPECT_FALSE(log.Proof(0, longer->checkpoint()));
}

TEST_F(LogWriterTest, GivesOutNoProofFromADamagedTile) {
  {
    LogWriter log = Create();
    ASSERT_TRUE(AppendEntries(log, 0, 600));
  }
  auto log = Open();
  storage_.resources.at("tile/0/000")[7] ^= std::byte{1};
  EXPECT_EQ(log->Proof(1).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(log->ConsistencyProof(3).error().code, ErrorCode::kCorrupt);
  storage_.resources.at("tile/0/000")[7] ^= std::byte{1};
  EXPECT_TRUE(log->Proof(1));
}

TEST_F(LogWriterTest, PublishesCosignaturesOfItsCheckpoint) {
  LogWriter log = Create();
  ASSERT_TRUE(AppendEntries(log, 0, 3));
  const std::string text = log.checkpoint().note.text;
  const std::vector lines = {Cosign(text, "w.example", Key(9), 1000)};
  ASSERT_TRUE(log.PublishCosignatures(text, lines));
  ASSERT_TRUE(log.PublishCosignatures(text, lines));
  EXPECT_EQ(log.checkpoint().note.signatures.size(), 2U);
  auto opened = Open();
  EXPECT_EQ(opened->checkpoint().note.signatures[1], lines[0]);
  EXPECT_EQ(opened->Proof(0)->checkpoint.note.signatures.size(), 2U);
  EXPECT_EQ(*opened->ProofText(0), opened->Proof(0)->Serialize());
  ASSERT_TRUE(AppendEntries(*opened, 3, 1));
  EXPECT_EQ(opened->PublishCosignatures(text, lines).error().code, ErrorCode::kConflict);
  EXPECT_EQ(opened->checkpoint().note.signatures.size(), 1U);
}

TEST_F(LogWriterTest, WorksInARealFolder) {
  const plasm::testing::TempFolder temporary;
  auto folder = SystemFolder::Open(temporary / "log", SystemFolder::Access::kWrite);
  ASSERT_TRUE(folder);
  FolderStorage storage(*folder);
  {
    auto log = LogWriter::Create(storage, kOrigin, key_);
    ASSERT_TRUE(log) << log.error().message;
    ASSERT_TRUE(AppendEntries(*log, 0, 250));
    ASSERT_TRUE(AppendEntries(*log, 250, 10));
  }
  EXPECT_TRUE(std::filesystem::exists(temporary / "log/tile/0/000"));
  EXPECT_FALSE(std::filesystem::exists(temporary / "log/tile/0/000.p"));
  EXPECT_TRUE(std::filesystem::exists(temporary / "log/tile/0/001.p/4"));
  EXPECT_FALSE(std::filesystem::exists(temporary / "log/checkpoint.pending"));
  FolderStorage again(*folder);
  auto log = LogWriter::Open(again, kOrigin, key_);
  ASSERT_TRUE(log) << log.error().message;
  ASSERT_TRUE(AppendEntries(*log, 260, 600));
  EXPECT_TRUE(Fsck(again, Verifier()));
  EXPECT_EQ(LogWriter::Create(again, kOrigin, key_).error().code, ErrorCode::kConflict);
}

}  // namespace
}  // namespace plasm::tlog
