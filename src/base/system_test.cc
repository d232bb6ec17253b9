#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/system_error.h"

namespace plasm {
namespace {

TEST(SystemClockTest, RealtimeIsTheUnixTimeInNanoseconds) {
  SystemClock clock;
  const auto before = static_cast<std::uint64_t>(time(nullptr)) - 1;  // time() may lag a tick
  const std::uint64_t now = clock.RealtimeNs() / 1'000'000'000;
  EXPECT_LE(before, now);
  EXPECT_LE(now, static_cast<std::uint64_t>(time(nullptr)) + 1);
}

TEST(SystemClockTest, SleepsAtLeastAsLongAsAsked) {
  SystemClock clock;
  const std::uint64_t start = clock.MonotonicNs();
  clock.SleepNs(2'000'000);
  EXPECT_GE(clock.MonotonicNs() - start, 2'000'000u);
}

TEST(SystemEntropyTest, FillsAllOfALargeBuffer) {
  SystemEntropy entropy;
  std::vector<std::byte> bytes(1 << 20);
  entropy.Fill(bytes);
  // A run of 16 zero bytes in a megabyte: one chance in 2^108.
  EXPECT_EQ(std::search_n(bytes.begin(), bytes.end(), 16, std::byte{0}), bytes.end());
}

// Every byte has another value than the 250 before it.
class CountingEntropy final : public Entropy {
 public:
  void Fill(std::span<std::byte> out) noexcept override {
    for (std::byte& b : out) b = static_cast<std::byte>(next_++ % 251);
    ++calls;
  }
  int calls = 0;

 private:
  unsigned next_ = 0;
};

TEST(BufferedEntropyTest, GivesEveryByteOnceAndAsksForManyAtATime) {
  CountingEntropy source;
  BufferedEntropy entropy(source);
  CountingEntropy same;
  std::array<std::byte, 16> found;
  std::array<std::byte, 16> expected;
  for (int i = 0; i < 1024; ++i) {
    entropy.Fill(found);
    same.Fill(expected);
    ASSERT_EQ(found, expected) << i;
  }
  EXPECT_EQ(source.calls, 4);
}

TEST(BufferedEntropyTest, FillsWhatIsLargerThanItsBuffer) {
  CountingEntropy source;
  BufferedEntropy entropy(source);
  std::vector<std::byte> bytes(5000);
  entropy.Fill(bytes);
  EXPECT_EQ(bytes.back(), static_cast<std::byte>(4999 % 251));
}

TEST(SystemErrorTest, SaysWhatFailedAndWhatToDo) {
  const Error error = SystemError(ENOENT, "/etc/plasm/key");
  EXPECT_EQ(error.message, "/etc/plasm/key: No such file or directory");
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_EQ(SystemError(EACCES, "x").code, ErrorCode::kDenied);
  EXPECT_EQ(SystemError(EEXIST, "x").code, ErrorCode::kConflict);
  EXPECT_EQ(SystemError(ENOSPC, "x").code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace plasm
