#include "blobs/collection.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>

#include "base/testing/temp_folder.h"

namespace plasm {
namespace {

class CollectionTest : public ::testing::Test {
 protected:
  Sha256Digest Put(const std::string& text) const {
    const Sha256Digest digest = Sha256Of(AsBytes(text));
    EXPECT_TRUE(store_.PutDurably(digest, AsBytes(text)));
    return digest;
  }
  Result<Collected> CollectAll() {
    return Collect(store_, pins_, *store_.List(), [this](const Sha256Digest& digest) {
      return Result<bool>(referred_.contains(digest));
    });
  }

  const plasm::testing::TempFolder folder_;
  const BlobStore store_{folder_.path()};
  BlobPins pins_;
  std::set<Sha256Digest> referred_;
};

TEST_F(CollectionTest, RemovesWhatNothingRefersTo) {
  const Sha256Digest kept = Put("kept");
  const Sha256Digest gone = Put("gone");
  referred_.insert(kept);
  const auto collected = CollectAll();
  ASSERT_TRUE(collected);
  EXPECT_EQ(collected->blobs, 1u);
  EXPECT_EQ(collected->bytes, 4u);
  EXPECT_TRUE(store_.Has(kept));
  EXPECT_FALSE(store_.Has(gone));
}

TEST_F(CollectionTest, LeavesWhatIsPinnedAsLongAsItIs) {
  const Sha256Digest digest = Put("pinned");
  {
    const auto one = pins_.Pin(digest);
    const auto two = std::make_optional(pins_.Pin(digest));
    EXPECT_EQ(CollectAll()->blobs, 0u);
  }
  EXPECT_EQ(CollectAll()->blobs, 1u);
}

TEST_F(CollectionTest, AsksAboutEachWhileNobodyCanPinIt) {
  const Sha256Digest digest = Put("claimed");
  std::atomic<bool> pinned = false;
  std::thread other;
  const auto collected =
      Collect(store_, pins_, *store_.List(), [&](const Sha256Digest&) -> Result<bool> {
        other = std::thread([&] {
          const auto pin = pins_.Pin(digest);
          EXPECT_FALSE(store_.Has(digest));  // it saw the removal, and puts the blob again
          pinned = true;
        });
        EXPECT_FALSE(pinned);
        return false;
      });
  other.join();
  EXPECT_TRUE(pinned);
  EXPECT_EQ(collected->blobs, 1u);
}

TEST_F(CollectionTest, AnErrorOfTheQuestionRemovesNothing) {
  const Sha256Digest digest = Put("kept");
  EXPECT_FALSE(Collect(store_, pins_, *store_.List(), [](const Sha256Digest&) -> Result<bool> {
    return Error{ErrorCode::kUnavailable, "no answer"};
  }));
  EXPECT_TRUE(store_.Has(digest));
}

TEST_F(CollectionTest, OnlyWhatIsOldEnoughIsACandidate) {
  const auto aged = [](std::uint64_t put_ns) { return ListedBlob{{}, put_ns, put_ns}; };
  const auto old = OldEnough({aged(100), aged(150), aged(151), aged(900)}, 200, 50);
  ASSERT_EQ(old.size(), 2u);  // and nothing from the future
  EXPECT_EQ(old[0].put_ns, 100u);
  EXPECT_EQ(old[1].put_ns, 150u);
}

TEST_F(CollectionTest, ABlobThatIsPutAgainIsYoungAgain) {
  const Sha256Digest digest = Put("again");
  const auto path = folder_ / digest.ToHex().substr(0, 2) / digest.ToHex().substr(2);
  std::filesystem::last_write_time(
      path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(24));
  const std::uint64_t before = store_.List()->front().put_ns;
  Put("again");
  EXPECT_GT(store_.List()->front().put_ns, before + 3600ull * 1'000'000'000);
}

}  // namespace
}  // namespace plasm
