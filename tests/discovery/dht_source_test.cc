#include "discovery/dht_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "dht_fixture.h"
#include "discovery/dht_publisher.h"
#include "trust/testing/cards.h"

namespace plasm::discovery {
namespace {

using trust::testing::KeyFrom;
using trust::testing::PublicFrom;

class DhtSourceTest : public testing::DhtTest {
 protected:
  Publication PublicationAt(std::uint16_t port) {
    trust::NodeCard card = trust::testing::ExampleCard();
    card.endpoints = {"https://127.0.0.1:" + std::to_string(port)};
    return PublicationOf(trust::testing::Opened(card), port);
  }
  static DhtPublisher::Listeners Quiet() {
    return {.ready = [](const auto&) {},
            .failed = [](const auto&) {},
            .nodes = [](const auto&) {},
            .mapped = [](const auto&) {},
            .refused = [](const auto&) {}};
  }
  // What is hinted at, asked for until there is something.
  std::vector<Hint> Find(DhtSource& source, const Query& query, std::size_t at_least = 1) {
    std::vector<Hint> hints;
    for (int tries = 0; tries < 40 && hints.size() < at_least; ++tries) {
      hints.clear();
      const auto found = source.Find(query, [&](const Hint& hint) { hints.push_back(hint); }, -1);
      EXPECT_TRUE(found) << found.error().message;
    }
    return hints;
  }
};

TEST_F(DhtSourceTest, APublishedNodeIsFoundByWhatItIsAndByWhoItIs) {
  DhtProcess meeting_point(SettingsOf({}), clock_);
  const std::string at = Listening(meeting_point);
  const crypto::SigningKey identity = KeyFrom(trust::testing::kIdentity);
  DhtPublisher publisher(SettingsOf({at}), PublicationAt(7777), identity, Quiet(), clock_);
  DhtSettings settings = SettingsOf({at});
  settings.read_only = true;
  DhtSource source(settings, clock_);

  const auto by_label =
      Find(source, {.selection = *Selection::Parse("label.zone=north"), .identities = {}});
  ASSERT_FALSE(by_label.empty());
  EXPECT_EQ(by_label[0].endpoint.ToString(), "https://127.0.0.1:7777");
  EXPECT_FALSE(by_label[0].identity) << "an announcement says who it is of to nobody";

  const auto by_identity = Find(source, {.selection = *Selection::Parse("label.zone=nowhere"),
                                         .identities = {PublicFrom(trust::testing::kIdentity)}});
  ASSERT_FALSE(by_identity.empty());
  EXPECT_EQ(by_identity[0].identity, PublicFrom(trust::testing::kIdentity));
  EXPECT_EQ(by_identity[0].signed_version, 7u);
  EXPECT_FALSE(source.nodes().empty()) << "for the next time";
}

TEST_F(DhtSourceTest, AWithdrawnNodeIsNoHintAnyMore) {
  DhtProcess meeting_point(SettingsOf({}), clock_);
  const std::string at = Listening(meeting_point);
  const crypto::SigningKey identity = KeyFrom(trust::testing::kIdentity);
  const Query query{.selection = *Selection::Parse("label.zone=nowhere"),
                    .identities = {PublicFrom(trust::testing::kIdentity)}};
  DhtSource source(SettingsOf({at}), clock_);
  {
    DhtPublisher publisher(SettingsOf({at}), PublicationAt(7777), identity, Quiet(), clock_);
    ASSERT_FALSE(Find(source, query).empty());
  }
  // Its items are where they were, with a newer one among them.
  std::vector<Hint> hints;
  ASSERT_TRUE(source.Find(query, [&](const Hint& hint) { hints.push_back(hint); }, -1));
  EXPECT_TRUE(hints.empty());
}

TEST_F(DhtSourceTest, ThatNobodyAnswersIsSaidPlainly) {
  DhtSource source(SettingsOf({"127.0.0.1:9"}), clock_);
  Query query;
  // It gives up when it is told to.
  UniqueFd stop;
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const UniqueFd keep(ends[1]);
  stop.Reset(ends[0]);
  ASSERT_EQ(write(keep.get(), "x", 1), 1);
  const auto found = source.Find(query, [](const Hint&) {}, stop.get());
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("bootstrap nodes"), std::string::npos);
}

}  // namespace
}  // namespace plasm::discovery
