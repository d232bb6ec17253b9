#include "jobs/reservations.h"

#include <gtest/gtest.h>

namespace plasm::jobs {
namespace {

using Held = Reservations::Held;

constexpr std::uint64_t kNs = 1'000'000'000;
constexpr std::uint64_t kLife = Reservations::kSeconds * kNs;

TEST(ReservationsTest, APlaceIsHeldUntilItExpires) {
  Reservations places;
  EXPECT_EQ(places.Hold("a", "job", 7), Held::kNew);
  EXPECT_TRUE(places.IsHeld("a", "job", 6 + kLife));
  EXPECT_EQ(places.Count(6 + kLife), 1u);
  EXPECT_FALSE(places.IsHeld("a", "job", 7 + kLife));
  EXPECT_EQ(places.Count(7 + kLife), 0u);
  EXPECT_FALSE(places.Release("a", "job", 7 + kLife));
}

TEST(ReservationsTest, APlaceIsUsedOnceAndByItsClientAlone) {
  Reservations places;
  places.Hold("a", "job", 0);
  EXPECT_FALSE(places.Release("b", "job", 1));
  EXPECT_FALSE(places.Release("a", "other", 1));
  EXPECT_TRUE(places.Release("a", "job", 1));
  EXPECT_FALSE(places.Release("a", "job", 1));
  EXPECT_EQ(places.Count(1), 0u);
  EXPECT_EQ(places.CountOf("a", 1), 0u);
}

TEST(ReservationsTest, WhoeverAsksAgainHasOnePlaceForLonger) {
  Reservations places;
  places.Hold("a", "job", 0);
  places.Hold("a", "next", 1);
  EXPECT_EQ(places.Hold("a", "job", kLife - 1), Held::kAgain);
  EXPECT_EQ(places.CountOf("a", kLife - 1), 2u);
  EXPECT_FALSE(places.IsHeld("a", "next", kLife + 1));
  EXPECT_TRUE(places.IsHeld("a", "job", kLife + 1));
}

TEST(ReservationsTest, OneClientDoesNotTakeThePlacesOfAll) {
  Reservations places;
  for (std::size_t i = 0; i < Reservations::kMostOfClient; ++i) {
    ASSERT_EQ(places.Hold("a", std::to_string(i), 0), Held::kNew);
  }
  EXPECT_EQ(places.Hold("a", "more", 1), Held::kNone);
  EXPECT_EQ(places.Hold("a", "0", 1), Held::kAgain);
  EXPECT_EQ(places.Hold("b", "more", 1), Held::kNew);
  EXPECT_EQ(places.Hold("a", "more", kLife), Held::kNew);
}

TEST(ReservationsTest, AllClientsTogetherHaveABound) {
  Reservations places;
  for (std::size_t i = 0; i < Reservations::kMost; ++i) {
    ASSERT_EQ(places.Hold("client " + std::to_string(i), "job", 0), Held::kNew);
  }
  EXPECT_EQ(places.Hold("one more", "job", 1), Held::kNone);
  EXPECT_TRUE(places.Release("client 5", "job", 1));
  EXPECT_EQ(places.Hold("one more", "job", 1), Held::kNew);
}

}  // namespace
}  // namespace plasm::jobs
