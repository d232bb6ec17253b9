#include "client/node_introduction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/temp_folder.h"
#include "client/node_list.h"
#include "trust/testing/cards.h"
#include "trust/trust_store.h"

namespace plasm::client {
namespace {

using ::testing::HasSubstr;

Introduction NodeA(const std::string& url = "https://host:7420",
                   const std::string& name = "node-a") {
  trust::NodeCard card = trust::testing::ExampleCard();
  card.name = name;
  const std::string envelope =
      *trust::SignNodeCard(card, trust::testing::KeyFrom(trust::testing::kIdentity));
  const ByteView bytes = AsBytes(envelope);
  return {*net::Endpoint::Parse(url),
          {Bytes(bytes.begin(), bytes.end()), *trust::OpenNodeCard(bytes)}};
}

trust::TrustFile Trusting(const std::string& name, unsigned char identity) {
  trust::TrustFile file;
  EXPECT_TRUE(file.Add({.name = name,
                        .identity = trust::testing::PublicFrom(identity),
                        .level = trust::TrustLevel::kSigned,
                        .card_version = {},
                        .revoked = {}}));
  return file;
}

TEST(NodeIntroductionTest, AnotherFingerprintIsRefusedAndBothAreNamed) {
  const Introduction node = NodeA();
  EXPECT_TRUE(ExpectFingerprint(node, node.Fingerprint()));
  const auto refused = ExpectFingerprint(node, "SHA256:other");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kDenied);
  EXPECT_THAT(refused.error().message, HasSubstr("SHA256:other"));
  EXPECT_THAT(refused.error().message, HasSubstr(node.Fingerprint()));
}

TEST(NodeIntroductionTest, ANodeIsNamedByItsHostUnlessSomebodyNamesIt) {
  EXPECT_EQ(NameFor(NodeA(), "", {})->name, "host");
  EXPECT_EQ(NameFor(NodeA(), "mine", {})->name, "mine");
  EXPECT_EQ(NameFor(NodeA("unix:/run/plasmd.sock"), "", {})->name, "node-a");
  EXPECT_FALSE(NameFor(NodeA(), "", {})->trusted);
}

TEST(NodeIntroductionTest, ATrustedNodeKeepsItsName) {
  const trust::TrustFile trusted = Trusting("before", trust::testing::kIdentity);
  EXPECT_EQ(NameFor(NodeA(), "", trusted)->name, "before");
  EXPECT_TRUE(NameFor(NodeA(), "before", trusted)->trusted);
  const auto refused = NameFor(NodeA(), "other", trusted);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
}

TEST(NodeIntroductionTest, ANameIsNotTakenFromAnotherNode) {
  const auto refused = NameFor(NodeA(), "", Trusting("host", 77));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
}

TEST(NodeIntroductionTest, ANameThatNoListHoldsIsRefusedBeforeAnythingIsTrusted) {
  for (const std::string name : {"local", "two words", "-x", "#x"}) {
    EXPECT_FALSE(NameFor(NodeA(), name, {})) << name;
  }
  EXPECT_FALSE(NameFor(NodeA("unix:/s", "two words"), "", {}));
}

TEST(NodeIntroductionTest, AnAdmittedNodeIsTrustedAndKnown) {
  const testing::TempFolder folder;
  const auto data = *home::DataFolder::Locate(folder.path());
  const Introduction node = NodeA();
  ASSERT_TRUE(AdmitNode(data, node, {"mine"}));
  const auto trusted = trust::TrustStore(folder.path()).Load();
  ASSERT_TRUE(trusted);
  const trust::TrustedNode* known = trusted->state.file().FindByName("mine");
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(known->level, trust::TrustLevel::kLogged);
  EXPECT_NE(trusted->state.CardOf(known->identity), nullptr);
  EXPECT_EQ(NodeListFile(folder.path()).Load()->Find("mine")->endpoint, node.endpoint);
  // Once more, from another place: it has moved.
  ASSERT_TRUE(AdmitNode(data, NodeA("https://elsewhere"), {"mine", true}));
  EXPECT_EQ(NodeListFile(folder.path()).Load()->Find("mine")->endpoint.host, "elsewhere");
}

}  // namespace
}  // namespace plasm::client
