#include "base/unique_fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace plasm {
namespace {

bool IsOpen(int fd) { return fcntl(fd, F_GETFD) >= 0; }
UniqueFd OpenNull() { return UniqueFd(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

TEST(UniqueFdTest, ClosesOnDestruction) {
  int fd = -1;
  {
    const UniqueFd owner = OpenNull();
    fd = owner.get();
    ASSERT_TRUE(IsOpen(fd));
  }
  EXPECT_FALSE(IsOpen(fd));
}

TEST(UniqueFdTest, MovingTransfersOwnership) {
  UniqueFd first = OpenNull();
  const int fd = first.get();
  UniqueFd second = std::move(first);
  EXPECT_FALSE(first);  // NOLINT: the moved-from state is what is tested
  EXPECT_EQ(second.get(), fd);
  UniqueFd third = OpenNull();
  const int replaced = third.get();
  third = std::move(second);
  EXPECT_FALSE(IsOpen(replaced));
  EXPECT_TRUE(IsOpen(fd));
}

TEST(UniqueFdTest, ReleasedDescriptorStaysOpen) {
  UniqueFd owner = OpenNull();
  const int fd = owner.Release();
  owner.Reset();
  EXPECT_TRUE(IsOpen(fd));
  ::close(fd);
}

TEST(UniqueFdTest, ClosingKeepsErrno) {
  UniqueFd bad(1'000'000);
  errno = ENOSPC;
  bad.Reset();
  EXPECT_EQ(errno, ENOSPC);
}

}  // namespace
}  // namespace plasm
