#include "jobs/postponed_writes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace plasm::jobs {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

TEST(PostponedWritesTest, EachIsWrittenOnceAndNotAtOnce) {
  std::vector<std::string> written;
  std::promise<void> second;
  const auto begin = std::chrono::steady_clock::now();
  PostponedWrites writes(milliseconds(30), [&](const std::string& id) {
    written.push_back(id);
    if (written.size() == 2) second.set_value();
  });
  writes.Add("job-1");
  writes.Add("job-2");
  second.get_future().wait();
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(30));
  writes.Stop();
  EXPECT_THAT(written, ElementsAre("job-1", "job-2"));
}

TEST(PostponedWritesTest, WhatComesAfterAQuietTimeIsWrittenToo) {
  std::promise<std::string> first;
  std::promise<std::string> next;
  int count = 0;
  PostponedWrites writes(
      milliseconds(1), [&](const std::string& id) { (++count == 1 ? first : next).set_value(id); });
  writes.Add("job-1");
  EXPECT_EQ(first.get_future().get(), "job-1");
  writes.Add("job-2");
  EXPECT_EQ(next.get_future().get(), "job-2");
}

TEST(PostponedWritesTest, WhatIsLeftIsWrittenAtTheEnd) {
  std::vector<std::string> written;
  PostponedWrites writes(std::chrono::hours(1),
                         [&](const std::string& id) { written.push_back(id); });
  writes.Add("job-1");
  writes.Add("job-2");
  writes.Stop();
  EXPECT_THAT(written, ElementsAre("job-1", "job-2"));
}

}  // namespace
}  // namespace plasm::jobs
