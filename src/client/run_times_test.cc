#include "client/run_times.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/temp_folder.h"

namespace plasm::client {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

const Sha256Digest kHello = Sha256Of(AsBytes("hello"));
const Sha256Digest kOther = Sha256Of(AsBytes("other"));

TEST(RunTimesTest, WhatIsUsualIsNotExceededByNineteenInTwenty) {
  RunTimes times;
  for (int i = 100; i > 0; --i) times.Add(kHello, milliseconds(i));
  times.Add(kOther, milliseconds(100'000));
  EXPECT_EQ(times.Usual(kHello), milliseconds(95));
  times = {};
  for (const int took : {7, 1, 2, 3, 4}) times.Add(kHello, milliseconds(took));
  EXPECT_EQ(times.Usual(kHello), milliseconds(7));
}

TEST(RunTimesTest, OfAFewRunsNothingIsSaid) {
  RunTimes times;
  EXPECT_EQ(times.Usual(kHello), std::nullopt);
  for (std::size_t i = 1; i < RunTimes::kFewest; ++i) times.Add(kHello, milliseconds(1));
  times.Add(kOther, milliseconds(1));
  EXPECT_EQ(times.Usual(kHello), std::nullopt);
}

TEST(RunTimesTest, TheOldestAreForgotten) {
  RunTimes times;
  for (std::size_t i = 0; i < RunTimes::kMost; ++i) times.Add(kOther, milliseconds(9));
  for (std::size_t i = 0; i < RunTimes::kMost; ++i) times.Add(kHello, milliseconds(1));
  EXPECT_EQ(times.Usual(kOther), std::nullopt);
  EXPECT_LE(times.Serialize().size(), kMaxRunTimesBytes) << "or it could not be read again";
}

TEST(RunTimesTest, TheTextIsReadBack) {
  RunTimes times;
  times.Add(kHello, milliseconds(3));
  times.Add(kOther, milliseconds(-3));
  const std::string text = times.Serialize();
  EXPECT_EQ(text, kHello.ToHex() + " 3\n" + kOther.ToHex() + " 0\n");
  const auto read = RunTimes::Parse(AsBytes(text));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->Serialize(), text);
}

TEST(RunTimesTest, WhatIsNoSuchLineIsNamed) {
  const std::string good = kHello.ToHex() + " 3\n";
  for (const std::string& bad :
       {std::string("\n"), std::string("x 3\n"), kHello.ToHex() + "\n", kHello.ToHex() + " -1\n",
        kHello.ToHex() + " 3 4\n", kHello.ToHex() + " 99999999999\n"}) {
    const auto read = RunTimes::Parse(AsBytes(good + bad));
    ASSERT_FALSE(read) << bad;
    EXPECT_THAT(read.error().message, HasSubstr("line 2"));
    EXPECT_THAT(read.error().message, HasSubstr("may be deleted"));
  }
}

TEST(RunTimesFileTest, KeepsWhatItIsTold) {
  const testing::TempFolder folder;
  const RunTimesFile file(folder / "data");
  EXPECT_EQ(file.Load()->Usual(kHello), std::nullopt);
  for (std::size_t i = 0; i < RunTimes::kFewest; ++i) {
    ASSERT_TRUE(file.Add(kHello, milliseconds(i)));
  }
  EXPECT_EQ(RunTimesFile(folder / "data").Load()->Usual(kHello), milliseconds(4));
}

}  // namespace
}  // namespace plasm::client
