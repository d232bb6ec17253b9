#include "node/node_keys.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/testing/fixed_entropy.h"
#include "base/testing/temp_folder.h"
#include "crypto/key_file.h"

namespace plasm::node {
namespace {

namespace fs = std::filesystem;

class NodeKeysTest : public ::testing::Test {
 protected:
  testing::TempFolder folder_;
  testing::FixedEntropy entropy_;
};

TEST_F(NodeKeysTest, ThreeKeysAreMadeOnceAndAreThereTomorrow) {
  const auto first = LoadOrCreateNodeKeys(folder_.path(), entropy_);
  ASSERT_TRUE(first);
  EXPECT_NE(first->identity.public_key(), first->receipt.public_key());
  EXPECT_NE(first->receipt.public_key(), first->log.public_key());
  const auto again = LoadOrCreateNodeKeys(folder_.path(), entropy_);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->identity.public_key(), first->identity.public_key());
  EXPECT_EQ(again->receipt.public_key(), first->receipt.public_key());
  EXPECT_EQ(again->log.public_key(), first->log.public_key());
}

TEST_F(NodeKeysTest, ANewKeyTakesTheOldOnesPlaceAndTheOldOneIsKept) {
  const auto old_key = LoadOrCreateNodeKeys(folder_.path(), entropy_)->receipt.public_key();
  const fs::path file = ReceiptKeyPath(folder_.path());
  const auto next = PrepareNextKey(file, entropy_);
  ASSERT_TRUE(next);
  EXPECT_EQ(crypto::LoadSigningKey(file)->public_key(), old_key);  // not yet
  ASSERT_TRUE(PutInPlace(file, old_key));
  EXPECT_EQ(crypto::LoadSigningKey(file)->public_key(), next->public_key());
  const auto retired = crypto::LoadSigningKey(
      folder_ / ("receipt.key." + old_key.ToHex().substr(0, 16) + ".retired"));
  ASSERT_TRUE(retired) << retired.error().message;
  EXPECT_EQ(retired->public_key(), old_key);
  EXPECT_FALSE(fs::exists(folder_ / "receipt.key.next"));
}

TEST_F(NodeKeysTest, ARotationThatACrashHasStoppedIsGoneOnWith) {
  const auto old_key = LoadOrCreateNodeKeys(folder_.path(), entropy_)->receipt.public_key();
  const fs::path file = ReceiptKeyPath(folder_.path());
  const auto prepared = PrepareNextKey(file, entropy_)->public_key();
  // The old key has its second name already.
  fs::create_hard_link(file,
                       folder_ / ("receipt.key." + old_key.ToHex().substr(0, 16) + ".retired"));
  EXPECT_EQ(PrepareNextKey(file, entropy_)->public_key(), prepared);
  ASSERT_TRUE(PutInPlace(file, old_key));
  EXPECT_EQ(crypto::LoadSigningKey(file)->public_key(), prepared);
}

TEST_F(NodeKeysTest, NothingIsPutInPlaceThatWasNotPrepared) {
  const auto old_key = LoadOrCreateNodeKeys(folder_.path(), entropy_)->receipt.public_key();
  EXPECT_FALSE(PutInPlace(ReceiptKeyPath(folder_.path()), old_key));
  EXPECT_EQ(crypto::LoadSigningKey(ReceiptKeyPath(folder_.path()))->public_key(), old_key);
}

}  // namespace
}  // namespace plasm::node
