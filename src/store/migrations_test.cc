#include "store/migrations.h"

#include <gtest/gtest.h>

#include <array>

#include "base/testing/temp_folder.h"
#include "store/database.h"
#include "store/job_store.h"
#include "store/testing/jobs.h"
#include "store/testing/old_versions.h"

namespace plasm::store {
namespace {

class MigrationsTest : public ::testing::Test {
 protected:
  Result<Connection> Opened(std::span<const Migration> steps) {
    return OpenWriter(folder_ / "jobs.db", {}, steps);
  }
  const plasm::testing::TempFolder folder_;
};

constexpr std::array<Migration, 3> kSteps = {
    "CREATE TABLE t (a INTEGER) STRICT; INSERT INTO t VALUES (1)",
    "ALTER TABLE t ADD COLUMN b INTEGER NOT NULL DEFAULT 7",
    "UPDATE t SET b = a + 1",
};

TEST_F(MigrationsTest, EachVersionIsBroughtToTheLastWithItsData) {
  for (std::size_t old = 1; old <= kSteps.size(); ++old) {
    std::filesystem::remove(folder_ / "jobs.db");
    {
      ASSERT_TRUE(Opened(std::span(kSteps).first(old)));
    }
    auto connection = Opened(kSteps);
    ASSERT_TRUE(connection);
    EXPECT_EQ(*connection->QueryInt("SELECT b FROM t"), 2);
    EXPECT_EQ(*connection->QueryInt("PRAGMA user_version"), 3);
  }
}

TEST_F(MigrationsTest, AStepThatFailsLeavesTheVersionBefore) {
  std::array<Migration, 3> steps = kSteps;
  steps[1] = "UPDATE t SET a = 5; INSERT INTO missing VALUES (1)";
  ASSERT_FALSE(Opened(steps));
  auto connection = Opened(kSteps);
  ASSERT_TRUE(connection) << connection.error().message;
  EXPECT_EQ(*connection->QueryInt("SELECT a FROM t"), 1);
}

TEST_F(MigrationsTest, ANewerVersionIsRefusedByName) {
  {
    ASSERT_TRUE(Opened(kSteps));
  }
  const auto older = Opened(std::span(kSteps).first(2));
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code, ErrorCode::kConflict);
  EXPECT_NE(older.error().message.find("version 3"), std::string::npos);
  EXPECT_NE(older.error().message.find("jobs.db"), std::string::npos);
}

// Files as each published version left them: what is in them is still there.
TEST_F(MigrationsTest, PublishedVersionsKeepTheirJobs) {
  ASSERT_EQ(testing::kOldVersions.size(), Migrations().size())
      << "a new version needs the SQL of a database that it made";
  for (std::size_t i = 0; i < testing::kOldVersions.size(); ++i) {
    const auto folder = folder_ / std::to_string(i + 1);
    std::filesystem::create_directories(folder);
    {
      auto connection =
          Connection::Open(folder / "jobs.db", Connection::Access::kReadWriteCreate, {});
      ASSERT_TRUE(connection);
      const auto made = connection->Execute(testing::kOldVersions[i]);
      ASSERT_TRUE(made) << made.error().message;
    }
    auto store = JobStore::Open(folder);
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_EQ(store->boots(), 4u);
    const auto ended = store->Find(testing::JobId(1));
    ASSERT_TRUE(ended && *ended);
    EXPECT_EQ((*ended)->summary.state, JobState::kExited);
    EXPECT_EQ((*ended)->summary.end->exit_code, 3);
    EXPECT_EQ(AsText(*(*ended)->results.receipt), "receipt");
    EXPECT_EQ((*ended)->results.kept_files.at(0).guest_path, "/out/a");
    const auto queued = store->Unfinished(0, 10);
    ASSERT_EQ(queued->size(), 1u);
    EXPECT_EQ(queued->front().summary.idempotency_key, "key");
    EXPECT_EQ((*store->Counts())[JobState::kExited], 1u);
    ASSERT_TRUE(store->SubmitAndWait(testing::Job(3)));
    EXPECT_EQ((*store->FindSummary(testing::JobId(3)))->seq, 8u);
  }
}

}  // namespace
}  // namespace plasm::store
