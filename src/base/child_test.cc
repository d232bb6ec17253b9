#include "base/child.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

namespace plasm {
namespace {

using ::testing::HasSubstr;

Result<Child> Shell(const std::string& script) {
  return Child::Start("/bin/sh", {"-c", script}, ChildDescriptors());
}

TEST(ChildTest, SaysHowItHasEnded) {
  auto child = Shell("exit 3");
  ASSERT_TRUE(child) << child.error().message;
  EXPECT_EQ(child->WaitForEnd(), "exited with status 3");
  EXPECT_EQ(child->pid(), -1);
  EXPECT_EQ(child->Kill(), "not running");
}

TEST(ChildTest, IsKilled) {
  auto child = Child::Start("/bin/sleep", {"1000"}, ChildDescriptors());
  ASSERT_TRUE(child) << child.error().message;
  EXPECT_THAT(child->Kill(), HasSubstr("killed by signal 9"));
}

TEST(ChildTest, OneThatTakesAnothersPlaceEndsIt) {
  auto child = Child::Start("/bin/sleep", {"1000"}, ChildDescriptors());
  ASSERT_TRUE(child);
  const pid_t first = child->pid();
  auto next = Shell("exit 4");
  ASSERT_TRUE(next);
  *child = *std::move(next);
  EXPECT_EQ(kill(first, 0), -1);
  EXPECT_EQ(child->WaitForEnd(), "exited with status 4");
}

TEST(ChildTest, HasTheDescriptorsThatItIsGivenAndNoEnvironment) {
  ChildDescriptors descriptors;
  descriptors.Open(1, "/dev/null", O_WRONLY);
  descriptors.CloseFrom(3);
  auto child = Child::Start(
      "/bin/sh", {"-c", "test -z \"$HOME\" && test \"$(readlink /proc/$$/fd/1)\" = /dev/null"},
      descriptors);
  ASSERT_TRUE(child);
  EXPECT_EQ(child->WaitForEnd(), "exited with status 0");
}

TEST(ChildTest, AProgramThatIsNotThereIsNamed) {
  const auto child = Child::Start("/nonexistent/program", {}, ChildDescriptors());
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(child.error().message, HasSubstr("/nonexistent/program"));
  const auto own = FindOwnProgram("plasm-no-such-program");
  ASSERT_FALSE(own);
  EXPECT_EQ(own.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace plasm
