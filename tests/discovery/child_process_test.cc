#include "discovery/child_process.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

namespace plasm::discovery {
namespace {

std::string ReadAll(int fd) {
  std::string text;
  while (true) {
    pollfd polled{fd, POLLIN, 0};
    poll(&polled, 1, -1);
    std::array<char, 4096> buffer;
    const ssize_t count = read(fd, buffer.data(), buffer.size());
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

TEST(ChildProcessTest, SeesItsThreeStreamsAndNoEnvironment) {
  auto child = ChildProcess::Start("/bin/sh", {"-c", "env; ls /proc/self/fd; cat"});
  ASSERT_TRUE(child) << child.error().message;
  ASSERT_EQ(send(child->input(), "hello\n", 6, MSG_NOSIGNAL), 6);
  shutdown(child->input(), SHUT_WR);
  const std::string text = ReadAll(child->output());
  EXPECT_TRUE(text.ends_with("hello\n")) << text;
  EXPECT_EQ(text.find("HOME="), std::string::npos) << text;
  // The fourth is the folder that ls reads.
  EXPECT_NE(text.find("0\n1\n2\n3\nhello"), std::string::npos) << text;
  EXPECT_EQ(child->WaitForEnd(), ChildProcess::kEndedWell);
}

TEST(ChildProcessTest, HowItEndedIsToldWithItsLastWords) {
  auto child = ChildProcess::Start("/bin/sh", {"-c", "echo sorry >&2; exit 3"});
  ASSERT_TRUE(child);
  ReadAll(child->output());
  EXPECT_EQ(child->WaitForEnd(), "exited with status 3: sorry");
  EXPECT_EQ(child->Kill(), "not running");
}

TEST(ChildProcessTest, EndsWithItsObject) {
  pid_t pid = -1;
  {
    auto child = ChildProcess::Start("/bin/cat", {});
    ASSERT_TRUE(child);
    pid = child->pid();
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_NE(kill(pid, 0), 0);
}

TEST(ChildProcessTest, AProgramThatIsNotThereIsNamed) {
  const auto child = ChildProcess::Start("/nonexistent/program", {});
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().code, ErrorCode::kNotFound);
  EXPECT_NE(child.error().message.find("/nonexistent/program"), std::string::npos);
  EXPECT_FALSE(FindSystemProgram("plasm-no-such-program"));
}

}  // namespace
}  // namespace plasm::discovery
