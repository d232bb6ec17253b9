// Power cuts between any two steps of the log.
#include <gtest/gtest.h>

#include "tlog/cosignature.h"
#include "tlog/folder_storage.h"
#include "tlog/fsck.h"
#include "tlog/log_reader.h"
#include "tlog/log_writer.h"
#include "tlog/testing/crashing_folder.h"
#include "tlog/testing/entries.h"
#include "tlog/testing/keys.h"

namespace plasm::tlog {
namespace {

using testing::AppendEntries;
using testing::CrashingFolder;
using testing::EntryText;
using testing::Loss;

const std::string kOrigin = "plasm.invalid/log";

struct Cut {
  Loss loss;
  std::uint64_t chance = 0;
};
const std::vector<Cut> kCuts = {
    {Loss::kNothing}, {Loss::kEverything}, {Loss::kContents}, {Loss::kSome, 1}, {Loss::kSome, 2}};

class LogCrashTest : public ::testing::Test {
 protected:
  VerifierKey Verifier() const { return LogVerifierKey(kOrigin, key_.public_key()); }

  // The log is whole, its first `acknowledged` entries are those that were appended, and every
  // checkpoint that anybody may have seen is a beginning of it.
  void ExpectSound(CrashingFolder& folder, std::uint64_t acknowledged) {
    FolderStorage storage(folder);
    const auto checked = Fsck(storage, Verifier());
    ASSERT_TRUE(checked) << checked.error().message;
    auto reader = LogReader::Open(storage, Verifier());
    ASSERT_TRUE(reader);
    ASSERT_GE(reader->size(), acknowledged);
    for (std::uint64_t i = 0; i < acknowledged; i += 37) {
      EXPECT_EQ(AsText(*reader->Entry(i)), EntryText(i));
    }
    if (acknowledged > 0) {
      EXPECT_EQ(AsText(*reader->Entry(acknowledged - 1)), EntryText(acknowledged - 1));
    }
    for (const Bytes& seen : folder.seen_checkpoints()) {
      const auto checkpoint = ParseOwnCheckpoint(seen, Verifier());
      ASSERT_TRUE(checkpoint);
      const auto growth = reader->ConsistencyProof(checkpoint->checkpoint.head.size);
      ASSERT_TRUE(growth) << "a checkpoint was seen that the log has gone back behind";
      EXPECT_EQ(growth->older.root, checkpoint->checkpoint.head.root);
    }
  }

  // Appends `before` and then, with the power failing after `steps` steps, `group`. Gives
  // whether it failed.
  bool CrashOnce(std::uint64_t before, std::size_t group, std::size_t steps, const Cut& cut) {
    CrashingFolder folder;
    {
      FolderStorage storage(folder);
      auto log = LogWriter::Create(storage, kOrigin, key_);
      EXPECT_TRUE(log && (before == 0 || AppendEntries(*log, 0, before)));
      folder.CrashAfter(steps);
      const auto appended = AppendEntries(*log, before, group);
      if (!folder.crashed()) return false;
      if (appended) before += group;  // acknowledged
    }
    folder.Restart(cut.loss, cut.chance);
    FolderStorage storage(folder);
    auto log = LogWriter::Open(storage, kOrigin, key_);
    EXPECT_TRUE(log) << log.error().message;
    if (!log) return true;
    ExpectSound(folder, before);
    // What comes next is something else: leftovers must not show through.
    const std::uint64_t next = log->size();
    EXPECT_TRUE(AppendEntries(*log, next, group + 1, next == before ? "entry" : "other"));
    ExpectSound(folder, before);
    return true;
  }

  crypto::SigningKey key_ = testing::Key(1);
};

TEST_F(LogCrashTest, AnAppendThatIsCutOffAtAnyStepLosesNothingAcknowledged) {
  struct Case {
    std::uint64_t before;
    std::size_t group;
  };
  for (const Case& c : {Case{0, 1}, Case{0, 300}, Case{3, 2}, Case{250, 6}, Case{255, 1},
                        Case{511, 2}, Case{0, 1000}}) {
    for (const Cut& cut : kCuts) {
      std::size_t steps = 0;
      while (CrashOnce(c.before, c.group, steps, cut)) {
        if (::testing::Test::HasFailure()) {
          FAIL() << c.before << " + " << c.group << ", cut after " << steps << " steps, loss "
                 << static_cast<int>(cut.loss);
        }
        ++steps;
      }
      EXPECT_GT(steps, 10U);
    }
  }
}

TEST_F(LogCrashTest, CutsWhileItRecoversDoNoHarmEither) {
  for (const Cut& cut : {Cut{Loss::kNothing}, Cut{Loss::kEverything}, Cut{Loss::kSome, 1}}) {
    // First at the steps of an append, then at those of the opening after it.
    for (std::size_t first = 12; first < 40; ++first) {
      for (std::size_t second = 0; second < 12; second += 2) {
        CrashingFolder folder;
        std::uint64_t acknowledged = 250;
        {
          FolderStorage storage(folder);
          auto log = LogWriter::Create(storage, kOrigin, key_);
          ASSERT_TRUE(AppendEntries(*log, 0, 250));
          folder.CrashAfter(first);
          if (AppendEntries(*log, 250, 8)) acknowledged += 8;
        }
        folder.Restart(cut.loss, cut.chance);
        {
          FolderStorage storage(folder);
          folder.CrashAfter(second);
          (void)LogWriter::Open(storage, kOrigin, key_);
        }
        folder.Restart(cut.loss, cut.chance + 17);
        FolderStorage storage(folder);
        auto log = LogWriter::Open(storage, kOrigin, key_);
        ASSERT_TRUE(log) << log.error().message << " " << first << " " << second;
        ASSERT_TRUE(AppendEntries(*log, log->size(), 1));
        ExpectSound(folder, acknowledged);
        if (::testing::Test::HasFailure()) FAIL() << first << " " << second;
      }
    }
  }
}

TEST_F(LogCrashTest, ACreationThatIsCutOffCanBeRepeated) {
  for (const Cut& cut : kCuts) {
    for (std::size_t steps = 0;; ++steps) {
      CrashingFolder folder;
      folder.CrashAfter(steps);
      bool made = false;
      {
        FolderStorage storage(folder);
        made = LogWriter::Create(storage, kOrigin, key_).has_value();
      }
      if (!folder.crashed()) {
        EXPECT_TRUE(made);
        break;
      }
      folder.Restart(cut.loss, cut.chance);
      FolderStorage storage(folder);
      auto log = LogWriter::Open(storage, kOrigin, key_);
      if (!log) {
        EXPECT_FALSE(made);
        EXPECT_EQ(log.error().code, ErrorCode::kNotFound);
        log = LogWriter::Create(storage, kOrigin, key_);
      }
      ASSERT_TRUE(log) << log.error().message;
      ASSERT_TRUE(AppendEntries(*log, 0, 2));
      ExpectSound(folder, 2);
    }
  }
}

TEST_F(LogCrashTest, CosignaturesThatAreCutOffLeaveTheCheckpoint) {
  for (const Cut& cut : kCuts) {
    for (std::size_t steps = 0;; ++steps) {
      CrashingFolder folder;
      {
        FolderStorage storage(folder);
        auto log = LogWriter::Create(storage, kOrigin, key_);
        ASSERT_TRUE(AppendEntries(*log, 0, 5));
        const std::string text = log->checkpoint().note.text;
        folder.CrashAfter(steps);
        (void)log->PublishCosignatures(
            text, std::vector{Cosign(text, "w.example", testing::Key(7), 1000)});
      }
      if (!folder.crashed()) break;
      folder.Restart(cut.loss, cut.chance);
      FolderStorage storage(folder);
      ASSERT_TRUE(LogWriter::Open(storage, kOrigin, key_));
      ExpectSound(folder, 5);
    }
  }
}

}  // namespace
}  // namespace plasm::tlog
