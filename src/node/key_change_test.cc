#include "node/key_change.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/testing/fixed_clock.h"
#include "base/testing/fixed_entropy.h"
#include "base/testing/temp_folder.h"
#include "crypto/key_file.h"
#include "crypto/public_key_text.h"
#include "node/local_node.h"
#include "node/testing/ended_job.h"
#include "trust/testing/cards.h"

namespace plasm::node {
namespace {

using trust::KeyUse;

class KeyChangeTest : public ::testing::Test {
 protected:
  void SetUp() override { Issue(2); }

  void Issue(int receipts) {
    auto node =
        LocalNode::Open(folder_.path(), "48.0.8", receipt::Signing::kEach, clock_, entropy_);
    ASSERT_TRUE(node) << node.error().message;
    for (int i = 0; i < receipts; ++i) ASSERT_TRUE(node->Issue(example_.Job()));
  }
  std::string KeyInUse(const std::filesystem::path& file) const {
    return crypto::Fingerprint(crypto::LoadSigningKey(file)->public_key());
  }
  std::string ReceiptKey() const { return KeyInUse(ReceiptKeyPath(folder_.path())); }
  std::string LogKey() const { return KeyInUse(LogKeyPath(folder_.path())); }
  void PassDays(std::uint64_t days) { clock_.realtime_ns += days * 86'400'000'000'000; }
  UtcTime Now() { return UtcTime::FromNanoseconds(clock_.RealtimeNs()); }

  testing::ExampleRun example_;
  plasm::testing::TempFolder folder_;
  plasm::testing::FixedEntropy entropy_;
  plasm::testing::FixedClock clock_;
  KeyChangeSetting setting_{folder_.path(), "48.0.8", clock_, entropy_};
};

TEST_F(KeyChangeTest, ANewReceiptKeyIsOnTheNextCardAndTheOldOneEnds) {
  const std::string before = ReceiptKey();
  PassDays(1);
  const auto replaced = ReplaceKey(setting_, KeyUse::kReceipt);
  ASSERT_TRUE(replaced) << replaced.error().message;
  EXPECT_EQ(crypto::Fingerprint(replaced->before), before);
  EXPECT_EQ(crypto::Fingerprint(replaced->now), ReceiptKey());
  const auto& keys = replaced->card.card.keys;
  EXPECT_EQ(replaced->card.card.version, 2u);
  EXPECT_EQ(keys.at(0).to, Now());
  EXPECT_EQ(keys.at(2).key, replaced->now);
  Issue(1);
}

TEST_F(KeyChangeTest, ANewLogKeyBeginsAnotherLog) {
  const auto replaced = ReplaceKey(setting_, KeyUse::kLog);
  ASSERT_TRUE(replaced) << replaced.error().message;
  EXPECT_EQ(replaced->card.card.keys.at(2).origin, LogOrigin(replaced->card.card.identity, 2));
  EXPECT_TRUE(std::filesystem::exists(LogFolder(folder_.path(), 2) / "checkpoint"));
  Issue(1);
}

TEST_F(KeyChangeTest, AKeyInAnEmptyFolderCanBeReplacedToo) {
  plasm::testing::TempFolder empty;
  const auto replaced = ReplaceKey({empty.path(), "48.0.8", clock_, entropy_}, KeyUse::kReceipt);
  ASSERT_TRUE(replaced) << replaced.error().message;
  EXPECT_EQ(replaced->card.card.keys.size(), 3u);
}

TEST_F(KeyChangeTest, AFullCardLeavesTheKeyInPlace) {
  constexpr std::size_t kMostKeys = 64;
  const auto keys = LoadOrCreateNodeKeys(folder_.path(), entropy_);
  trust::NodeCard card = (*OwnCard(folder_.path(), *keys, {}, clock_).Last())->card;
  while (card.keys.size() < kMostKeys) {
    trust::NodeKey ended = card.keys.front();
    ended.key = trust::testing::PublicFrom(static_cast<unsigned char>(100 + card.keys.size()));
    ended.to = ended.from;
    card.keys.push_back(ended);
  }
  const auto full = trust::SignNodeCard(card, keys->identity);
  ASSERT_TRUE(full) << full.error().message;
  ASSERT_TRUE(WriteFileAtomically(folder_ / "card.json", AsBytes(*full)));
  const std::string before = ReceiptKey();
  EXPECT_FALSE(ReplaceKey(setting_, KeyUse::kReceipt));
  EXPECT_EQ(ReceiptKey(), before);
  Issue(1);  // and the node goes on
}

TEST_F(KeyChangeTest, ARevokedKeysReceiptsCountAsFarAsTheyAreLogged) {
  const std::string before = ReceiptKey();
  const auto revoked = RevokeKey(setting_, {.fingerprint = before, .at = {}, .log_size = {}});
  ASSERT_TRUE(revoked) << revoked.error().message;
  EXPECT_EQ(revoked->log_size, 2u);
  EXPECT_EQ(revoked->at, Now());
  EXPECT_EQ(revoked->card.card.revoked,
            (std::vector<trust::RevokedKey>{{revoked->key.key, Now(), 2}}));
  ASSERT_TRUE(revoked->replaced);
  EXPECT_NE(ReceiptKey(), before);
  Issue(1);
}

TEST_F(KeyChangeTest, AKeyThatIsNotInUseAnyMoreIsRevokedWithoutANewOne) {
  const std::string before = ReceiptKey();
  ASSERT_TRUE(ReplaceKey(setting_, KeyUse::kReceipt));
  const std::string now = ReceiptKey();
  const auto revoked = RevokeKey(setting_, {.fingerprint = before, .at = {}, .log_size = 1});
  ASSERT_TRUE(revoked) << revoked.error().message;
  EXPECT_EQ(revoked->log_size, 1u);
  EXPECT_FALSE(revoked->replaced);
  EXPECT_EQ(ReceiptKey(), now);
}

TEST_F(KeyChangeTest, TheSizeIsThatOfTheLogThatTheNodeHadThen) {
  const std::string key = ReceiptKey();
  const UtcTime then = Now();
  PassDays(1);
  ASSERT_TRUE(ReplaceKey(setting_, KeyUse::kLog));
  PassDays(1);
  Issue(5);
  EXPECT_FALSE(RevokeKey(setting_, {.fingerprint = key, .at = then, .log_size = 3}));
  const auto revoked = RevokeKey(setting_, {.fingerprint = key, .at = then, .log_size = {}});
  ASSERT_TRUE(revoked) << revoked.error().message;
  EXPECT_EQ(revoked->log_size, 2u);
}

TEST_F(KeyChangeTest, BeforeThereWasALogNoReceiptCounts) {
  const UtcTime before{Now().milliseconds - 1};
  EXPECT_EQ(
      RevokeKey(setting_, {.fingerprint = ReceiptKey(), .at = before, .log_size = 1}).error().code,
      ErrorCode::kInvalid);
  const auto revoked =
      RevokeKey(setting_, {.fingerprint = ReceiptKey(), .at = before, .log_size = {}});
  ASSERT_TRUE(revoked);
  EXPECT_FALSE(revoked->log_size);
}

TEST_F(KeyChangeTest, ARevokedLogKeyIsReplacedAndTheNextLogIsAnother) {
  const auto revoked = RevokeKey(setting_, {.fingerprint = LogKey(), .at = {}, .log_size = {}});
  ASSERT_TRUE(revoked) << revoked.error().message;
  EXPECT_FALSE(revoked->log_size);
  ASSERT_TRUE(revoked->replaced);
  EXPECT_EQ(revoked->card.card.keys.at(2).origin, LogOrigin(revoked->card.card.identity, 2));
  Issue(1);
}

TEST_F(KeyChangeTest, AWishThatCannotBeLeavesEverythingAsItWas) {
  const std::string receipt_key = ReceiptKey();
  const auto code = [this](const RevocationWish& wish) {
    const auto revoked = RevokeKey(setting_, wish);
    return revoked ? "done" : ErrorCodeName(revoked.error().code);
  };
  const std::string identity = KeyInUse(IdentityKeyPath(folder_.path()));
  EXPECT_STREQ(code({.fingerprint = identity, .at = {}, .log_size = {}}), "not_found");
  EXPECT_STREQ(
      code({.fingerprint = receipt_key, .at = UtcTime{Now().milliseconds + 1}, .log_size = {}}),
      "invalid");
  EXPECT_STREQ(code({.fingerprint = receipt_key, .at = {}, .log_size = 3}), "invalid");
  EXPECT_STREQ(code({.fingerprint = LogKey(), .at = {}, .log_size = 0}), "invalid");
  EXPECT_EQ(ReceiptKey(), receipt_key);
  Issue(1);
}

}  // namespace
}  // namespace plasm::node
