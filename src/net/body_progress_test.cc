#include "net/body_progress.h"

#include <gtest/gtest.h>

namespace plasm::net {
namespace {

TEST(BodyProgressTest, DrippingDoesNotExtendTheTime) {
  BodyProgress progress(1000, 100);
  progress.OnWaited(60);
  progress.OnBytes(1);
  EXPECT_EQ(progress.left_ns(), 40u);
  progress.OnWaited(60);
  EXPECT_EQ(progress.left_ns(), 0u);
}

TEST(BodyProgressTest, EnoughBytesBeginANewSpan) {
  BodyProgress progress(1000, 100);
  progress.OnWaited(60);
  progress.OnBytes(600);
  progress.OnBytes(400);
  EXPECT_EQ(progress.left_ns(), 100u);
}

}  // namespace
}  // namespace plasm::net
