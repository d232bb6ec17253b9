#include "trust/guarded_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/file.h"
#include "base/testing/temp_folder.h"

namespace plasm::trust {
namespace {

class GuardedFileTest : public ::testing::Test {
 protected:
  void Write(mode_t mode) {
    ASSERT_TRUE(WriteFileAtomically(path_, AsBytes("text"), {.mode = mode}));
  }
  ErrorCode CodeOfReading() const {
    const auto read = ReadGuardedFile(path_, 4);
    return read ? ErrorCode::kInternal : read.error().code;
  }

  plasm::testing::TempFolder folder_;
  std::filesystem::path path_ = folder_ / "file";
};

TEST_F(GuardedFileTest, ReadsAFileThatOnlyItsOwnerCanWrite) {
  for (const mode_t mode : {0600u, 0644u, 0640u, 0400u}) {
    Write(mode);
    const auto read = ReadGuardedFile(path_, 4);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(AsText(*read), "text");
  }
}

TEST_F(GuardedFileTest, AFileThatTheGroupOrOthersCanWriteIsDenied) {
  for (const mode_t mode : {0620u, 0602u, 0664u, 0666u, 0777u}) {
    Write(mode);
    EXPECT_EQ(CodeOfReading(), ErrorCode::kDenied) << mode;
  }
}

TEST_F(GuardedFileTest, ASecretFileThatOthersCanReadIsDenied) {
  const auto code = [&] {
    const auto read = ReadGuardedFile(path_, 4, OthersMay::kNeitherReadNorWrite);
    return read ? ErrorCode::kInternal : read.error().code;
  };
  for (const mode_t mode : {0640u, 0604u, 0620u, 0601u}) {
    Write(mode);
    EXPECT_EQ(code(), ErrorCode::kDenied) << mode;
  }
  Write(0600);
  EXPECT_EQ(code(), ErrorCode::kInternal);
}

TEST_F(GuardedFileTest, AFileOfSomebodyElseIsDenied) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  Write(0644);
  ASSERT_EQ(chown(path_.c_str(), 65534, 65534), 0);
  EXPECT_EQ(CodeOfReading(), ErrorCode::kDenied);
}

TEST_F(GuardedFileTest, LinksFoldersAndPipesAreRefusedWithoutWaiting) {
  Write(0600);
  const std::filesystem::path target = folder_ / "target";
  std::filesystem::rename(path_, target);
  std::filesystem::create_symlink(target, path_);
  EXPECT_EQ(CodeOfReading(), ErrorCode::kInvalid);
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_EQ(CodeOfReading(), ErrorCode::kInvalid);
  std::filesystem::remove(path_);
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(CodeOfReading(), ErrorCode::kInvalid);
}

TEST_F(GuardedFileTest, AMissingAndATooLongFileAreToldApart) {
  EXPECT_EQ(CodeOfReading(), ErrorCode::kNotFound);
  ASSERT_TRUE(WriteFileAtomically(path_, AsBytes("longer")));
  EXPECT_EQ(CodeOfReading(), ErrorCode::kLimitExceeded);
}

TEST_F(GuardedFileTest, AnExclusiveLockKeepsOthersOut) {
  auto lock = LockFile(path_, LockKind::kExclusive);
  ASSERT_TRUE(lock && *lock);
  const UniqueFd other(open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_NE(flock(other.get(), LOCK_SH | LOCK_NB), 0);
  lock->Reset();
  EXPECT_EQ(flock(other.get(), LOCK_SH | LOCK_NB), 0);
}

TEST_F(GuardedFileTest, ReadersShareALockAndMakeNone) {
  const auto none = LockFile(path_, LockKind::kShared);
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
  EXPECT_FALSE(std::filesystem::exists(path_));
  Write(0600);
  const auto first = LockFile(path_, LockKind::kShared);
  const auto second = LockFile(path_, LockKind::kShared);
  ASSERT_TRUE(first && second);
  EXPECT_TRUE(*first);
  const UniqueFd other(open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_NE(flock(other.get(), LOCK_EX | LOCK_NB), 0);
}

}  // namespace
}  // namespace plasm::trust
