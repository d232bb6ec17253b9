#include "trust/key_decision.h"

#include <gtest/gtest.h>

#include <string>

#include "trust/testing/cards.h"

namespace plasm::trust {
namespace {

using namespace testing;  // NOLINT: the tests' own keys and cards

constexpr unsigned char kIdentityB = 20;
constexpr unsigned char kReceiptKeyB = 21;

NodeCard CardB() {
  NodeCard card = ExampleCard();
  card.identity = PublicFrom(kIdentityB);
  card.keys.resize(1);
  card.keys[0].key = PublicFrom(kReceiptKeyB);
  return card;
}

TrustState StateWith(const TrustedNode& node, const NodeCard& card) {
  TrustFile file;
  EXPECT_TRUE(file.Add(node));
  TrustState state(std::move(file));
  EXPECT_TRUE(state.TakeCard(Opened(card)));
  return state;
}

Result<FoundKey> Find(const TrustState& state, unsigned char key, KeyUse use) {
  return FindKey(state, FingerprintFrom(kIdentity), FingerprintFrom(key), use);
}

// The receipt key of node A. `state` outlives what is returned.
FoundKey ReceiptKeyIn(const TrustState& state) {
  auto found = Find(state, kReceiptKey, KeyUse::kReceipt);
  EXPECT_TRUE(found);
  return *found;
}

NodeCard WithRevoked(unsigned char key, std::optional<std::uint64_t> log_size) {
  NodeCard card = ExampleCard();
  card.revoked = {{PublicFrom(key), Time("2026-07-01T00:00:00Z"), log_size}};
  return card;
}

TEST(KeyDecisionTest, FindsTheKeyOnTheCardOfTheTrustedNode) {
  const TrustState state = StateWith(NodeA(TrustLevel::kLogged), ExampleCard());
  const FoundKey found = ReceiptKeyIn(state);
  EXPECT_EQ(found.key->key, PublicFrom(kReceiptKey));
  EXPECT_EQ(found.node->name, "a");
  EXPECT_EQ(found.node->level, TrustLevel::kLogged);
  EXPECT_EQ(found.card->version, 7u);
  EXPECT_TRUE(Find(state, kLogKey, KeyUse::kLog));
}

TEST(KeyDecisionTest, ANodeThatIsNotInTheFileIsUnknown) {
  const auto found = FindKey(TrustState(), FingerprintFrom(kIdentity), FingerprintFrom(kReceiptKey),
                             KeyUse::kReceipt);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(found.error().message,
            "no trusted node has the identity key \"" + FingerprintFrom(kIdentity) + "\"");
}

TEST(KeyDecisionTest, ANodeWithoutACardIsUnknown) {
  TrustFile file;
  ASSERT_TRUE(file.Add(NodeA()));
  const auto found = Find(TrustState(std::move(file)), kReceiptKey, KeyUse::kReceipt);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "no card of the trusted node \"a\" was accepted");
}

TEST(KeyDecisionTest, AKeyForAnotherUseIsUnknown) {
  const TrustState state = StateWith(NodeA(), ExampleCard());
  EXPECT_FALSE(Find(state, kLogKey, KeyUse::kReceipt));
  EXPECT_FALSE(Find(state, kReceiptKey, KeyUse::kLog));
  EXPECT_FALSE(Find(state, kTlsKey, KeyUse::kReceipt));
  EXPECT_FALSE(Find(state, kIdentity, KeyUse::kReceipt));
}

TEST(KeyDecisionTest, AKeyThatANewerCardNoLongerListsIsUnknown) {
  TrustState state = StateWith(NodeA(), ExampleCard());
  NodeCard newer = ExampleCard();
  newer.version = 8;
  newer.keys[0].key = PublicFrom(50);
  ASSERT_TRUE(state.TakeCard(Opened(newer)));
  EXPECT_FALSE(Find(state, kReceiptKey, KeyUse::kReceipt));
  EXPECT_TRUE(Find(state, 50, KeyUse::kReceipt));
}

TEST(KeyDecisionTest, ACardThatListsAnothersKeyDoesNotAnswerForItsReceipts) {
  // Node B's card claims node A's receipt key. A is blocked, B is trusted.
  TrustFile file;
  ASSERT_TRUE(file.Add(NodeA(TrustLevel::kBlocked)));
  ASSERT_TRUE(file.Add({.name = "b",
                        .identity = PublicFrom(kIdentityB),
                        .level = TrustLevel::kSigned,
                        .card_version = {},
                        .revoked = {}}));
  TrustState state(std::move(file));
  NodeCard thief = CardB();
  thief.keys[0].key = PublicFrom(kReceiptKey);
  ASSERT_TRUE(state.TakeCard(Opened(thief, kIdentityB)));
  // Without A's own card nobody answers for A, whatever B claims.
  EXPECT_FALSE(Find(state, kReceiptKey, KeyUse::kReceipt));
  ASSERT_TRUE(state.TakeCard(Opened(ExampleCard())));
  const FoundKey found = ReceiptKeyIn(state);
  EXPECT_EQ(found.node->name, "a");
  EXPECT_TRUE(IsBlocked(found));
}

TEST(KeyDecisionTest, ARevocationOnAnothersCardDoesNotCount) {
  TrustFile file;
  ASSERT_TRUE(file.Add(NodeA()));
  ASSERT_TRUE(file.Add({.name = "b",
                        .identity = PublicFrom(kIdentityB),
                        .level = TrustLevel::kSigned,
                        .card_version = {},
                        .revoked = {}}));
  TrustState state(std::move(file));
  NodeCard saboteur = CardB();
  saboteur.revoked = {{PublicFrom(kReceiptKey), saboteur.issued, {}}};
  ASSERT_TRUE(state.TakeCard(Opened(saboteur, kIdentityB)));
  ASSERT_TRUE(state.TakeCard(Opened(ExampleCard())));
  EXPECT_EQ(RevocationOf(ReceiptKeyIn(state), {}), KeyRevocation::kNone);
}

TEST(KeyDecisionTest, OnlyTheLevelBlockedBlocks) {
  for (const TrustLevel level :
       {TrustLevel::kSigned, TrustLevel::kLogged, TrustLevel::kWitnessed, TrustLevel::kBlocked}) {
    const TrustState state = StateWith(NodeA(level), ExampleCard());
    EXPECT_EQ(IsBlocked(ReceiptKeyIn(state)), level == TrustLevel::kBlocked);
  }
}

TEST(KeyDecisionTest, AKeyIsValidFromItsStartToItsEnd) {
  NodeCard card = ExampleCard();
  card.keys[0].to = Time("2026-09-30T12:00:00Z");
  const TrustState state = StateWith(NodeA(), card);
  const FoundKey found = ReceiptKeyIn(state);
  EXPECT_EQ(ValidityAt(found, Time("2025-12-31T23:59:59.999Z")), KeyValidity::kNotYet);
  EXPECT_EQ(ValidityAt(found, Time("2026-01-01T00:00:00Z")), KeyValidity::kValid);
  EXPECT_EQ(ValidityAt(found, Time("2026-09-30T12:00:00Z")), KeyValidity::kValid);
  EXPECT_EQ(ValidityAt(found, Time("2026-09-30T12:00:00.001Z")), KeyValidity::kEnded);
}

TEST(KeyDecisionTest, AnExpiredCardSaysNothingAboutNewReceipts) {
  const TrustState state = StateWith(NodeA(), ExampleCard());
  const FoundKey found = ReceiptKeyIn(state);
  EXPECT_EQ(ValidityAt(found, found.card->expires), KeyValidity::kValid);
  EXPECT_EQ(ValidityAt(found, Time("2027-01-01T00:00:00Z")), KeyValidity::kCardExpired);
}

TEST(KeyDecisionTest, ANewCardDoesNotEndWhatWasSignedBefore) {
  const TrustState state = StateWith(NodeA(), ExampleCard());
  const FoundKey found = ReceiptKeyIn(state);
  const UtcTime before = Time("2026-03-01T00:00:00Z");
  ASSERT_LT(before, found.card->issued);
  EXPECT_EQ(ValidityAt(found, before), KeyValidity::kValid);
}

TEST(KeyDecisionTest, AKeyThatNobodyRevokedIsNotRevoked) {
  const TrustState state = StateWith(NodeA(), WithRevoked(60, {}));
  EXPECT_EQ(RevocationOf(ReceiptKeyIn(state), {}), KeyRevocation::kNone);
  EXPECT_FALSE(IsRevoked(KeyRevocation::kNone));
}

TEST(KeyDecisionTest, ARevokedKeyIsFoundAndRevoked) {
  const TrustState state = StateWith(NodeA(), WithRevoked(kReceiptKey, {}));
  const FoundKey found = ReceiptKeyIn(state);
  EXPECT_EQ(RevocationOf(found, {}), KeyRevocation::kByCard);
  EXPECT_TRUE(IsRevoked(KeyRevocation::kByCard));
  // Without logSize no place in the log helps.
  EXPECT_EQ(RevocationOf(found, ProvenEntry{PublicFrom(kLogKey), 0}), KeyRevocation::kByCard);
}

TEST(KeyDecisionTest, WhatWasLoggedBeforeTheRevocationCountsOn) {
  const TrustState state = StateWith(NodeA(), WithRevoked(kReceiptKey, 100));
  const FoundKey found = ReceiptKeyIn(state);
  EXPECT_EQ(RevocationOf(found, {}), KeyRevocation::kByCard);
  EXPECT_EQ(RevocationOf(found, ProvenEntry{PublicFrom(kLogKey), 99}),
            KeyRevocation::kLoggedBefore);
  EXPECT_FALSE(IsRevoked(KeyRevocation::kLoggedBefore));
  EXPECT_EQ(RevocationOf(found, ProvenEntry{PublicFrom(kLogKey), 100}), KeyRevocation::kByCard);
}

TEST(KeyDecisionTest, AProofByARevokedLogKeyMakesNoException) {
  NodeCard card = WithRevoked(kReceiptKey, 100);
  card.revoked.push_back({PublicFrom(kLogKey), card.issued, 1'000'000});
  const TrustState by_card = StateWith(NodeA(), card);
  const ProvenEntry entry{PublicFrom(kLogKey), 5};
  EXPECT_EQ(RevocationOf(ReceiptKeyIn(by_card), entry), KeyRevocation::kByCard);

  TrustedNode node = NodeA();
  node.revoked = {{FingerprintFrom(kLogKey), UtcTime{}}};
  const TrustState by_verifier = StateWith(node, WithRevoked(kReceiptKey, 100));
  EXPECT_EQ(RevocationOf(ReceiptKeyIn(by_verifier), entry), KeyRevocation::kByCard);
}

TEST(KeyDecisionTest, AProofByAKeyThatIsNoLogKeyOfTheNodeMakesNoException) {
  const TrustState state = StateWith(NodeA(), WithRevoked(kReceiptKey, 100));
  const FoundKey found = ReceiptKeyIn(state);
  EXPECT_EQ(RevocationOf(found, ProvenEntry{PublicFrom(70), 5}), KeyRevocation::kByCard);
  EXPECT_EQ(RevocationOf(found, ProvenEntry{PublicFrom(kTlsKey), 5}), KeyRevocation::kByCard);
}

TEST(KeyDecisionTest, ThePositionCountsInTheLogOfThatTimeOnly) {
  // After the revocation the node began another log. Its indices start at 0 again.
  NodeCard card = WithRevoked(kReceiptKey, 100);
  card.keys[1].to = Time("2026-07-01T00:00:00Z");
  card.keys.push_back({.use = KeyUse::kLog,
                       .key = PublicFrom(51),
                       .from = Time("2026-07-01T00:00:00.001Z"),
                       .to = card.keys[0].to,
                       .origin = "plasm.invalid/b"});
  const TrustState state = StateWith(NodeA(), card);
  const FoundKey found = ReceiptKeyIn(state);
  EXPECT_EQ(RevocationOf(found, ProvenEntry{PublicFrom(51), 5}), KeyRevocation::kByCard);
  EXPECT_EQ(RevocationOf(found, ProvenEntry{PublicFrom(kLogKey), 5}), KeyRevocation::kLoggedBefore);
}

TEST(KeyDecisionTest, TheVerifiersOwnRevocationKnowsNoException) {
  TrustedNode node = NodeA();
  node.revoked = {{FingerprintFrom(kReceiptKey), Time("2026-07-01T00:00:00Z")}};
  const TrustState state = StateWith(node, WithRevoked(kReceiptKey, 100));
  const FoundKey found = ReceiptKeyIn(state);
  EXPECT_EQ(RevocationOf(found, ProvenEntry{PublicFrom(kLogKey), 5}), KeyRevocation::kByVerifier);
  EXPECT_TRUE(IsRevoked(KeyRevocation::kByVerifier));
}

TEST(KeyDecisionTest, ARevokedLogKeySignsNothingThatCounts) {
  // In a batch the log key answers for the receipt, and the proof is by itself.
  NodeCard card = WithRevoked(kLogKey, 100);
  card.keys.push_back({.use = KeyUse::kLog,
                       .key = PublicFrom(51),
                       .from = card.keys[0].from,
                       .to = card.keys[0].to,
                       .origin = "plasm.invalid/b"});
  const TrustState state = StateWith(NodeA(), card);
  const auto found = Find(state, kLogKey, KeyUse::kLog);
  ASSERT_TRUE(found);
  EXPECT_EQ(RevocationOf(*found, ProvenEntry{PublicFrom(kLogKey), 5}), KeyRevocation::kByCard);
  EXPECT_EQ(RevocationOf(*found, ProvenEntry{PublicFrom(51), 5}), KeyRevocation::kByCard);
}

TEST(KeyDecisionTest, LogKeysAreThoseOfTheOriginWithTheirRevocation) {
  const TrustState state = StateWith(NodeA(), ExampleCard());
  const auto log_keys = LogKeysOf(ReceiptKeyIn(state), kOrigin);
  ASSERT_EQ(log_keys.size(), 1u);
  EXPECT_EQ(log_keys[0].key->key, PublicFrom(kLogKey));
  EXPECT_EQ(log_keys[0].revocation, KeyRevocation::kNone);
  EXPECT_TRUE(LogKeysOf(ReceiptKeyIn(state), "plasm.invalid/b").empty());
  EXPECT_TRUE(LogKeysOf(ReceiptKeyIn(state), "").empty());  // what keys of other uses have

  const TrustState by_card = StateWith(NodeA(), WithRevoked(kLogKey, 100));
  EXPECT_EQ(LogKeysOf(ReceiptKeyIn(by_card), kOrigin)[0].revocation, KeyRevocation::kByCard);
  TrustedNode node = NodeA();
  node.revoked = {{FingerprintFrom(kLogKey), UtcTime{}}};
  const TrustState by_verifier = StateWith(node, ExampleCard());
  EXPECT_EQ(LogKeysOf(ReceiptKeyIn(by_verifier), kOrigin)[0].revocation,
            KeyRevocation::kByVerifier);
}

}  // namespace
}  // namespace plasm::trust
