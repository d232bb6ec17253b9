#include "discovery/restart_pause.h"

#include <gtest/gtest.h>

namespace plasm::discovery {
namespace {

TEST(RestartPauseTest, DoublesUntilTheProcessLivesForLong) {
  RestartPause pause;
  EXPECT_EQ(pause.After(0), RestartPause::kFirstNs);
  EXPECT_EQ(pause.After(0), 2 * RestartPause::kFirstNs);
  for (int i = 0; i < 100; ++i) pause.After(0);
  EXPECT_EQ(pause.After(RestartPause::kLongestNs - 1), RestartPause::kLongestNs);
  EXPECT_EQ(pause.After(RestartPause::kLongestNs), RestartPause::kFirstNs);
  EXPECT_EQ(pause.After(0), 2 * RestartPause::kFirstNs);
}

}  // namespace
}  // namespace plasm::discovery
