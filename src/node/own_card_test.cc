#include "node/own_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/key_name.h"
#include "base/testing/fixed_clock.h"
#include "base/testing/fixed_entropy.h"
#include "base/testing/temp_folder.h"
#include "crypto/public_key_text.h"
#include "trust/testing/cards.h"

namespace plasm::node {
namespace {

using ::testing::HasSubstr;
using trust::testing::FingerprintFrom;
using trust::testing::PublicFrom;

constexpr std::uint64_t kDay = 86'400'000;
constexpr UtcTime kStart{1'764'000'000'000};

UtcTime After(std::uint64_t days) { return {kStart.milliseconds + days * kDay}; }

const CurrentKeys kKeys{PublicFrom(1), PublicFrom(2), PublicFrom(3)};
const CurrentKeys kOtherReceiptKey{PublicFrom(1), PublicFrom(4), PublicFrom(3)};
const CurrentKeys kOtherLogKey{PublicFrom(1), PublicFrom(2), PublicFrom(5)};

CardFacts Facts() { return PlainFacts(PublicFrom(1), "48.0.8"); }

trust::NodeCard FirstCard() { return *NextCard(std::nullopt, kKeys, Facts(), kStart); }

TEST(PlainFactsTest, NameTheIdentityAndNothingPrivate) {
  EXPECT_EQ(Facts().name, "node-" + PublicFrom(1).ToHex().substr(0, 8));
  EXPECT_EQ(Facts().capabilities.engine, "wasmtime-48");
  EXPECT_TRUE(Facts().endpoints.empty());
}

TEST(LogOriginTest, EveryLogOfANodeHasItsOwn) {
  const std::string first = LogOrigin(PublicFrom(1), 1);
  EXPECT_EQ(first, "plasm.invalid/" + Sha256Of(PublicFrom(1).bytes).ToHex().substr(0, 32));
  EXPECT_EQ(LogOrigin(PublicFrom(1), 2), first + "/2");
  EXPECT_NE(LogOrigin(PublicFrom(2), 1), first);
  EXPECT_TRUE(IsLogOrigin(LogOrigin(PublicFrom(1), 2)));
}

TEST(NextCardTest, TheFirstListsTheKeysInUse) {
  const trust::NodeCard card = FirstCard();
  EXPECT_TRUE(trust::CheckNodeCard(card));
  EXPECT_EQ(card.version, 1u);
  EXPECT_EQ(card.issued, kStart);
  EXPECT_EQ(card.expires, After(90));
  ASSERT_EQ(card.keys.size(), 2u);
  EXPECT_EQ(card.keys[0].key, kKeys.receipt);
  EXPECT_EQ(card.keys[0].from, kStart);
  EXPECT_EQ(card.keys[1].key, kKeys.log);
  EXPECT_EQ(card.keys[1].origin, LogOrigin(kKeys.identity, 1));
}

TEST(NextCardTest, NoneIsNeededUntilThirtyDaysBeforeTheEnd) {
  EXPECT_FALSE(NextCard(FirstCard(), kKeys, Facts(), kStart));
  EXPECT_FALSE(NextCard(FirstCard(), kKeys, Facts(), After(60)));
  const auto renewed = NextCard(FirstCard(), kKeys, Facts(), {After(60).milliseconds + 1});
  ASSERT_TRUE(renewed);
  EXPECT_EQ(renewed->version, 2u);
  EXPECT_EQ(renewed->keys, FirstCard().keys);
}

TEST(NextCardTest, OtherFactsNeedANewCard) {
  CardFacts facts = Facts();
  facts.from = FactsFrom::kConfiguration;
  facts.endpoints = {"https://node.invalid/"};
  EXPECT_EQ(NextCard(FirstCard(), kKeys, facts, kStart)->endpoints, facts.endpoints);
  facts = PlainFacts(PublicFrom(1), "49.0.0");
  EXPECT_EQ(NextCard(FirstCard(), kKeys, facts, kStart)->capabilities.engine, "wasmtime-49");
}

TEST(NextCardTest, ATlsKeyIsListedAndEndsWhenItIsNoLongerThere) {
  CurrentKeys keys = kKeys;
  keys.tls = PublicFrom(6);
  const auto card = NextCard(FirstCard(), keys, Facts(), After(1));
  ASSERT_TRUE(card);
  EXPECT_TRUE(trust::CheckNodeCard(*card));
  ASSERT_EQ(card->keys.size(), 3u);
  EXPECT_EQ(card->keys[2].use, trust::KeyUse::kTls);
  EXPECT_EQ(card->keys[2].key, PublicFrom(6));
  EXPECT_FALSE(NextCard(card, keys, Facts(), After(2)));
  EXPECT_TRUE(CheckKeysInUse(*card, keys));
  const auto without = NextCard(card, kKeys, Facts(), After(2));
  ASSERT_TRUE(without);
  EXPECT_EQ(without->keys[2].to, After(2));
  EXPECT_EQ(CheckKeysInUse(*without, keys).error().code, ErrorCode::kConflict);
}

TEST(NextCardTest, AProcessThatOnlySignsLeavesWhatWasConfigured) {
  CardFacts configured = Facts();
  configured.from = FactsFrom::kConfiguration;
  configured.capabilities.cores = 8;
  configured.capabilities.policy = trust::SubmitPolicy::kInvitation;
  configured.name = "alpha";
  configured.endpoints = {"https://alpha.invalid:7420"};
  configured.capabilities.labels = {{"zone", "north"}};
  const auto card = NextCard(FirstCard(), kKeys, configured, After(1));
  ASSERT_TRUE(card);
  EXPECT_EQ(card->name, "alpha");
  EXPECT_FALSE(NextCard(card, kKeys, Facts(), After(2)));
  const auto renewed = NextCard(card, kKeys, Facts(), After(80));
  ASSERT_TRUE(renewed);
  EXPECT_EQ(renewed->name, "alpha");
  EXPECT_EQ(renewed->endpoints, configured.endpoints);
  EXPECT_EQ(renewed->capabilities.labels, configured.capabilities.labels);
}

TEST(NextCardTest, AKeyThatIsReplacedEndsWhereTheNewOneBegins) {
  const auto card = NextCard(FirstCard(), kOtherReceiptKey, Facts(), After(1));
  ASSERT_TRUE(card);
  EXPECT_TRUE(trust::CheckNodeCard(*card));
  ASSERT_EQ(card->keys.size(), 3u);
  EXPECT_EQ(card->keys[0].to, After(1));
  EXPECT_EQ(card->keys[2].key, kOtherReceiptKey.receipt);
  EXPECT_EQ(card->keys[2].from, After(1));
  EXPECT_FALSE(NextCard(card, kOtherReceiptKey, Facts(), After(2)));
}

TEST(NextCardTest, AClockThatWasSetBackEndsNoKeyBeforeItBegan) {
  const auto card = NextCard(FirstCard(), kOtherReceiptKey, Facts(), {kStart.milliseconds - kDay});
  ASSERT_TRUE(card);
  EXPECT_EQ(card->keys[0].to, kStart);
  EXPECT_TRUE(trust::CheckNodeCard(*card));
}

TEST(NextCardTest, ANewLogKeyHasAnOriginOfItsOwn) {
  const auto card = NextCard(FirstCard(), kOtherLogKey, Facts(), After(1));
  ASSERT_TRUE(card);
  EXPECT_EQ(card->keys[2].origin, LogOrigin(kKeys.identity, 2));
  EXPECT_EQ(LogNumberOf(*card, kKeys.log), 1u);
  EXPECT_EQ(LogNumberOf(*card, kOtherLogKey.log), 2u);
  EXPECT_EQ(LogNumberOf(*card, kKeys.receipt), 0u);
}

TEST(CheckKeysInUseTest, AKeyThatHasEndedOrIsRevokedSignsNothing) {
  EXPECT_TRUE(CheckKeysInUse(FirstCard(), kKeys));
  EXPECT_TRUE(CheckKeysInUse(FirstCard(), kOtherReceiptKey));  // a new one, to be listed
  const auto rotated = *NextCard(FirstCard(), kOtherReceiptKey, Facts(), After(1));
  const auto ended = CheckKeysInUse(rotated, kKeys);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, ErrorCode::kConflict);
  EXPECT_THAT(ended.error().message, HasSubstr("plasmd key rotate receipt"));
  const auto revoked = CheckKeysInUse(
      *CardRevoking(FirstCard(), {.fingerprint = FingerprintFrom(3), .at = kStart}, kStart), kKeys);
  ASSERT_FALSE(revoked);
  EXPECT_THAT(revoked.error().message, HasSubstr("plasmd key rotate log"));
}

TEST(CardRevokingTest, IsTheNextVersionWithTheKeyRevoked) {
  const auto card = CardRevoking(
      FirstCard(), {.fingerprint = FingerprintFrom(2), .at = After(1), .log_size = 7}, After(2));
  ASSERT_TRUE(card);
  EXPECT_TRUE(trust::CheckNodeCard(*card));
  EXPECT_EQ(card->version, 2u);
  EXPECT_EQ(card->issued, After(2));
  EXPECT_EQ(card->expires, After(92));
  EXPECT_EQ(card->revoked, (std::vector<trust::RevokedKey>{{PublicFrom(2), After(1), 7}}));
  EXPECT_EQ(card->keys, FirstCard().keys);
}

TEST(CardRevokingTest, RefusesKeysThatAreNotListedOrRevokedAlready) {
  EXPECT_EQ(CardRevoking(FirstCard(), {.fingerprint = FingerprintFrom(9), .at = kStart}, kStart)
                .error()
                .code,
            ErrorCode::kNotFound);
  // An identity can't be revoked by its own card.
  EXPECT_FALSE(
      CardRevoking(FirstCard(), {.fingerprint = FingerprintFrom(1), .at = kStart}, kStart));
  const Revocation revocation{.fingerprint = FingerprintFrom(2), .at = kStart};
  const auto once = CardRevoking(FirstCard(), revocation, kStart);
  EXPECT_EQ(CardRevoking(*once, revocation, kStart).error().code, ErrorCode::kConflict);
}

class OwnCardTest : public ::testing::Test {
 protected:
  OwnCard Card(const NodeKeys& keys) {
    return OwnCard(folder_.path(), keys, PlainFacts(keys.identity.public_key(), "48.0.8"), clock_);
  }
  // A new receipt key in its file, as by another process.
  NodeKeys Rotated() {
    const auto file = ReceiptKeyPath(folder_.path());
    EXPECT_TRUE(PrepareNextKey(file, entropy_));
    EXPECT_TRUE(PutInPlace(file, keys_.receipt.public_key()));
    return *LoadOrCreateNodeKeys(folder_.path(), entropy_);
  }

  testing::TempFolder folder_;
  testing::FixedEntropy entropy_;
  testing::FixedClock clock_;
  NodeKeys keys_ = *LoadOrCreateNodeKeys(folder_.path(), entropy_);
};

TEST_F(OwnCardTest, IsIssuedOnceAndSignedByTheIdentity) {
  EXPECT_FALSE(*Card(keys_).Last());
  const auto first = Card(keys_).Current();
  ASSERT_TRUE(first) << first.error().message;
  const auto opened = trust::OpenNodeCard(AsBytes(first->envelope));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->card, first->card);
  EXPECT_EQ(Card(keys_).Current()->envelope, first->envelope);
  EXPECT_EQ(AsText(*ReadFile(folder_ / "card.json", 1 << 20)), first->envelope);
}

TEST_F(OwnCardTest, IsRenewedBeforeItEnds) {
  ASSERT_TRUE(Card(keys_).Current());
  clock_.realtime_ns += 61 * kDay * 1'000'000;
  EXPECT_EQ(Card(keys_).Current()->card.version, 2u);
}

TEST_F(OwnCardTest, ADamagedOneIsRefusedAndLeftAsItIs) {
  ASSERT_TRUE(Card(keys_).Current());
  ASSERT_TRUE(WriteFileAtomically(folder_ / "card.json", AsBytes("{}")));
  const auto current = Card(keys_).Current();
  ASSERT_FALSE(current);
  EXPECT_EQ(current.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(current.error().message, HasSubstr("card.json"));
  EXPECT_THAT(current.error().message, HasSubstr("Restore it"));
  EXPECT_EQ(AsText(*ReadFile(folder_ / "card.json", 100)), "{}");
  EXPECT_FALSE(Card(keys_).NumberOfNewLog());
}

TEST_F(OwnCardTest, AnotherNodesCardIsRefused) {
  ASSERT_TRUE(WriteFileAtomically(folder_ / "card.json",
                                  AsBytes(trust::testing::Signed(trust::testing::ExampleCard()))));
  EXPECT_EQ(Card(keys_).Current().error().code, ErrorCode::kCorrupt);
}

TEST_F(OwnCardTest, ALogKeyThatNoCardListsBeginsANewLog) {
  EXPECT_EQ(*Card(keys_).NumberOfNewLog(), 1u);
  ASSERT_TRUE(Card(keys_).Current());
  EXPECT_EQ(*Card(keys_).NumberOfNewLog(), 0u);
  std::filesystem::remove(LogKeyPath(folder_.path()));
  const auto other = LoadOrCreateNodeKeys(folder_.path(), entropy_);
  EXPECT_EQ(*Card(*other).NumberOfNewLog(), 2u);
}

// Or a process that had loaded the keys before would issue a card that ends the new one.
TEST_F(OwnCardTest, KeysThatWereReplacedMeanwhileWriteNoCard) {
  ASSERT_TRUE(Card(keys_).Current());
  const NodeKeys rotated = Rotated();
  ASSERT_TRUE(Card(rotated).Current());
  const auto late = Card(keys_).Current();
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(Card(keys_).Revoke({.fingerprint = FingerprintFrom(2), .at = kStart}));
  EXPECT_EQ(Card(rotated).Current()->card.version, 2u);
}

TEST_F(OwnCardTest, AnOldKeyThatWasPutBackIsRefusedWithTheRemedy) {
  const auto file = ReceiptKeyPath(folder_.path());
  const Bytes old_file = *ReadFile(file, 4096);
  ASSERT_TRUE(Card(keys_).Current());
  ASSERT_TRUE(Card(Rotated()).Current());
  ASSERT_TRUE(WriteFileAtomically(file, old_file, {.mode = 0600}));
  const auto current = Card(keys_).Current();
  ASSERT_FALSE(current);
  EXPECT_EQ(current.error().code, ErrorCode::kConflict);
  EXPECT_THAT(current.error().message, HasSubstr("plasmd key rotate receipt"));
}

TEST_F(OwnCardTest, RevokesWhatItsLastCardLists) {
  const std::string fingerprint = crypto::Fingerprint(keys_.receipt.public_key());
  EXPECT_EQ(Card(keys_).Revoke({.fingerprint = fingerprint, .at = kStart}).error().code,
            ErrorCode::kNotFound);
  ASSERT_TRUE(Card(keys_).Current());
  const auto revoked =
      Card(keys_).Revoke({.fingerprint = fingerprint, .at = kStart, .log_size = 5});
  ASSERT_TRUE(revoked) << revoked.error().message;
  EXPECT_EQ(revoked->card.revoked.at(0).log_size, 5u);
  EXPECT_EQ((*Card(keys_).Last())->envelope, revoked->envelope);
}

}  // namespace
}  // namespace plasm::node
