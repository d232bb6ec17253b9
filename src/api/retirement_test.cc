#include "api/retirement.h"

#include <gtest/gtest.h>

#include <string>

#include "base/testing/temp_folder.h"

namespace plasm::api {
namespace {

constexpr std::uint64_t kHourNs = 3'600'000'000'000;

// The machine's clock, some time later: files have its times.
class LaterClock final : public Clock {
 public:
  std::uint64_t RealtimeNs() noexcept override { return system_.RealtimeNs() + ahead_ns; }
  std::uint64_t MonotonicNs() noexcept override { return system_.MonotonicNs(); }
  void SleepNs(std::uint64_t duration) noexcept override { system_.SleepNs(duration); }

  std::uint64_t ahead_ns = 0;

 private:
  SystemClock system_;
};

TEST(RetirementTest, BlobsGoWhenNothingRefersToThemAnyMoreAndTheyAreOld) {
  const testing::TempFolder folder;
  auto store = store::JobStore::Open(folder.path());
  ASSERT_TRUE(store);
  const BlobStore blobs(folder / "blobs");
  BlobPins pins;
  LaterClock clock;
  const auto put = [&](std::string_view text) {
    const Sha256Digest digest = Sha256Of(AsBytes(text));
    EXPECT_TRUE(blobs.Put(digest, AsBytes(text)));
    return digest;
  };
  const Sha256Digest kept = put("an upload");
  const Sha256Digest left = put("left behind");
  ASSERT_TRUE(store->SubmitAndWait(store::AddUpload{
      .digest = kept, .client = "uid:1", .expires_ns = clock.RealtimeNs() + 10 * kHourNs}));

  const jobs::Retention retention;
  ASSERT_TRUE(RetireWhatIsOld(retention, *store, blobs, pins, clock));
  EXPECT_TRUE(blobs.Has(left));  // somebody may be about to refer to it
  clock.ahead_ns = 2 * kHourNs;
  ASSERT_TRUE(RetireWhatIsOld(retention, *store, blobs, pins, clock));
  EXPECT_FALSE(blobs.Has(left));
  EXPECT_TRUE(blobs.Has(kept));
  clock.ahead_ns = 20 * kHourNs;
  const auto last = RetireWhatIsOld(retention, *store, blobs, pins, clock);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->blobs.blobs, 1u);
  EXPECT_FALSE(blobs.Has(kept));
}

TEST(RetirementTest, AClockThatIsSetBackTakesNothingAway) {
  const testing::TempFolder folder;
  auto store = store::JobStore::Open(folder.path());
  ASSERT_TRUE(store);
  const BlobStore blobs(folder / "blobs");
  BlobPins pins;
  LaterClock clock;
  const Sha256Digest kept = Sha256Of(AsBytes("kept"));
  ASSERT_TRUE(blobs.Put(kept, AsBytes("kept")));
  clock.ahead_ns = 0 - 1000 * kHourNs;  // as unsigned numbers go: earlier
  const auto done = RetireWhatIsOld(jobs::Retention(), *store, blobs, pins, clock);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->blobs.blobs, 0u);
  EXPECT_TRUE(blobs.Has(kept));
}

}  // namespace
}  // namespace plasm::api
