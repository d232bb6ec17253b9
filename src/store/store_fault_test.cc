// Disks that are full or broken, and databases that are damaged.
#include <gtest/gtest.h>
#include <sys/fsuid.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/testing/temp_folder.h"
#include "store/job_store.h"
#include "store/testing/faulty_vfs.h"
#include "store/testing/jobs.h"

namespace plasm::store {
namespace {

using testing::End;
using testing::Fault;
using testing::FaultyVfs;
using testing::Job;
using testing::JobId;

class StoreFaultTest : public ::testing::Test {
 protected:
  Result<JobStore> Open() {
    StoreSettings settings;
    settings.vfs = vfs_.name();
    return JobStore::Open(folder_ / "store", settings);
  }
  std::filesystem::path File() const { return folder_ / "store" / "jobs.db"; }

  const plasm::testing::TempFolder folder_;
  FaultyVfs vfs_;
};

TEST_F(StoreFaultTest, AFullOrBrokenDiskFailsTheGroupAndNothingElse) {
  auto store = Open();
  ASSERT_TRUE(store);
  ASSERT_TRUE(store->SubmitAndWait(Job(1)));
  std::uint64_t next = 2;
  for (const Fault fault : {Fault::kNoRoom, Fault::kWriteFails, Fault::kSyncFails}) {
    vfs_.Set(fault);
    // Each of a group, and again.
    std::vector<Error> errors;
    for (std::uint64_t i = 0; i < 3; ++i) {
      ASSERT_TRUE(store->Submit<SubmitJob>(Job(next + i), [&errors](Result<Submission> outcome) {
        if (!outcome) errors.push_back(outcome.error());
      }));
    }
    const auto ended = store->SubmitAndWait(End(1));
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, ErrorCode::kUnavailable);
    ASSERT_EQ(errors.size(), 3u);
    for (const Error& error : errors) {
      EXPECT_EQ(error.code, ErrorCode::kUnavailable);
      EXPECT_NE(error.message.find("jobs.db"), std::string::npos) << error.message;
    }
    EXPECT_FALSE(*store->Find(JobId(next)));  // reads go on
    EXPECT_EQ((*store->Find(JobId(1)))->summary.state, JobState::kQueued);

    vfs_.Set(Fault::kNone);
    const auto submitted = store->SubmitAndWait(Job(next));
    ASSERT_TRUE(submitted) << submitted.error().message;
    EXPECT_EQ(submitted->novelty, Novelty::kNew);
    next += 3;
  }
  EXPECT_EQ((*store->Counts())[JobState::kQueued], 4u);
}

TEST_F(StoreFaultTest, AfterAFailedSyncEverythingIsWrittenAnewBeforeTheNextGroup) {
  {
    auto store = Open();
    ASSERT_TRUE(store);
    ASSERT_TRUE(store->SubmitAndWait(Job(1)));
    ASSERT_TRUE(store->SubmitAndWait(MarkStarted{1, 1, 5}));  // not waited for
    vfs_.Set(Fault::kSyncFails);
    ASSERT_FALSE(store->SubmitAndWait(Job(2)));
    vfs_.Set(Fault::kNone);
    ASSERT_TRUE(store->SubmitAndWait(Job(3)));
    store->Stop();
    vfs_.CrashAfter(0);  // closing writes nothing
  }
  vfs_.Restart(testing::Loss::kEverything);
  auto store = Open();
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ((*store->FindSummary(JobId(1)))->state, JobState::kRunning);
  EXPECT_TRUE(*store->Find(JobId(3)));
}

TEST_F(StoreFaultTest, AFullDiskAtTheStartIsUnavailable) {
  vfs_.Set(Fault::kNoRoom);
  const auto store = Open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(store.error().message.find("jobs.db"), std::string::npos) << store.error().message;
  vfs_.Set(Fault::kNone);
  EXPECT_TRUE(Open());
}

TEST_F(StoreFaultTest, AFolderThatCannotBeWrittenIsUnavailableAndNamed) {
  std::filesystem::create_directories(folder_ / "store");
  std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(folder_ / "store", std::filesystem::perms(0555));
  std::optional<Result<JobStore>> store;
  std::thread([&] {
    if (geteuid() == 0) setfsuid(65534);  // root may write anywhere; of this thread only
    store.emplace(JobStore::Open(folder_ / "store"));
  }).join();
  ASSERT_FALSE(*store);
  EXPECT_EQ(store->error().code, ErrorCode::kUnavailable);
  EXPECT_NE(store->error().message.find((folder_ / "store").string()), std::string::npos);
}

TEST_F(StoreFaultTest, AFileThatIsNoDatabaseIsDamagedAndSaysWhatCanBeDone) {
  std::filesystem::create_directories(folder_ / "store");
  std::ofstream(File()) << std::string(8192, 'x');
  const auto store = Open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(store.error().message.find(File().string()), std::string::npos);
  EXPECT_NE(store.error().message.find("move"), std::string::npos);
}

TEST_F(StoreFaultTest, APageThatIsDamagedIsNoticedWhenItIsRead) {
  {
    auto store = Open();
    ASSERT_TRUE(store);
    for (std::uint64_t i = 1; i <= 400; ++i) {
      SubmitJob job = Job(i);
      job.manifest.resize(2000);
      ASSERT_TRUE(store->Submit<SubmitJob>(std::move(job), [](Result<Submission>) {}));
    }
  }
  // Everything behind the schema: all that it says of itself is wrong then.
  const auto size = std::filesystem::file_size(File());
  ASSERT_GT(size, 40u * 8192);
  std::fstream file(File(), std::ios::binary | std::ios::in | std::ios::out);
  for (std::uintmax_t at = 30 * 8192; at < size; at += 8192) {
    file.seekp(static_cast<std::streamoff>(at));
    file << std::string(64, '\xee');
  }
  file.close();
  auto store = Open();
  ASSERT_TRUE(store) << store.error().message;
  const auto found = store->List({}, std::nullopt, 1000);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kCorrupt) << found.error().message;
  EXPECT_NE(found.error().message.find("jobs.db-wal"), std::string::npos);
}

TEST_F(StoreFaultTest, ADatabaseOfAnotherProgramIsLeftAlone) {
  std::filesystem::create_directories(folder_ / "store");
  {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(File().c_str(), &database), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(database, "CREATE TABLE mine (x)", nullptr, nullptr, nullptr), 0);
    sqlite3_close(database);
  }
  const auto before = std::filesystem::file_size(File());
  const auto store = Open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::kConflict);
  EXPECT_EQ(std::filesystem::file_size(File()), before);
}

}  // namespace
}  // namespace plasm::store
