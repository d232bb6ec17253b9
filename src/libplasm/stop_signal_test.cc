#include "libplasm/stop_signal.h"

#include <gtest/gtest.h>

#include "client/patience.h"

namespace plasm::libplasm {
namespace {

TEST(StopSignalTest, MakesItsDescriptorReadableForGood) {
  const auto signal = *StopSignal::Create();
  EXPECT_FALSE(client::IsInterrupted(signal->fd()));
  signal->Stop();
  signal->Stop();
  EXPECT_TRUE(client::IsInterrupted(signal->fd()));
  EXPECT_TRUE(signal->stopped());
}

TEST(StopSlotTest, StopsWhatHangsThere) {
  StopSlot slot;
  const auto signal = *StopSignal::Create();
  slot.Hang(signal);
  slot.Stop();
  EXPECT_TRUE(signal->stopped());
}

TEST(StopSlotTest, WhatCameTooEarlyIsNotLost) {
  StopSlot slot;
  slot.Stop();
  const auto signal = *StopSignal::Create();
  slot.Hang(signal);
  EXPECT_TRUE(signal->stopped());
}

// Or it would end another call on the same connection.
TEST(StopSlotTest, WhatIsTakenDownIsNotStopped) {
  StopSlot slot;
  const auto signal = *StopSignal::Create();
  slot.Hang(signal);
  slot.Clear();
  slot.Stop();
  EXPECT_FALSE(signal->stopped());
}

}  // namespace
}  // namespace plasm::libplasm
