// The pin, and what is asked again.
#include <gmock/gmock.h>

#include <atomic>

#include "client_fixture.h"
#include "crypto/public_key_text.h"

namespace plasm::client {
namespace {

using ::testing::HasSubstr;
using trust::testing::ExampleCard;
using trust::testing::FingerprintFrom;
using trust::testing::PublicFrom;
using trust::testing::Time;

constexpr unsigned char kNewTlsKey = 55;
const std::string kToken(43, 'x');
const std::string kStatus =
    R"({"version":"0.1.0","engine":"wasmtime-48","arch":"x86_64","profiles":["plasm-det-1"],)"
    R"("cores":2,"queued":3,"running":1,"limits":{"memoryBytes":"1","fuel":"2","outputBytes":"3",)"
    R"("fileBytes":"4","fileNodes":"5","wallTimeMs":"6"}})";

class NodeSessionTest : public ClientFixture {
 protected:
  // A card that lists only the new key, as a later version.
  static trust::NodeCard NewerCard() {
    trust::NodeCard card = ExampleCard();
    card.version += 1;
    for (trust::NodeKey& key : card.keys) {
      if (key.use == trust::KeyUse::kTls) key.key = PublicFrom(kNewTlsKey);
    }
    return card;
  }

  void ServeCard(const std::string& card, unsigned char tls_key) {
    ServeWith(
        [card](net::Exchange& exchange) {
          Text(exchange, 200, exchange.request().path() == "/v1/node" ? card : kStatus);
        },
        tls_key);
  }
};

TEST_F(NodeSessionTest, AsksThePinnedNodeAndShowsItsOwnKey) {
  std::optional<crypto::PublicKey> seen;
  ServeWith([&](net::Exchange& exchange) {
    seen = exchange.peer().key;
    Text(exchange, 200, kStatus);
  });
  const auto status = Connect().Status();
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(status->queued, 3u);
  EXPECT_EQ(seen, PublicFrom(99));
}

TEST_F(NodeSessionTest, ATokenGoesWithEveryRequestAndNoCertificateDoes) {
  std::vector<std::string> tokens;
  bool certificate = false;
  ServeWith([&](net::Exchange& exchange) {
    tokens.emplace_back(exchange.request().Header("authorization").value().value_or("none"));
    certificate = certificate || exchange.peer().key.has_value();
    Text(exchange, 200, kStatus);
  });
  auto node = ConnectWith({.identity = nullptr, .bearer_token = kToken});
  ASSERT_TRUE(node.Status());
  ASSERT_TRUE(node.session().Open({.target = "/v1/jobs"}));
  EXPECT_THAT(tokens, ::testing::ElementsAre("Bearer " + kToken, "Bearer " + kToken));
  EXPECT_FALSE(certificate);
}

TEST_F(NodeSessionTest, AServerThatIsNotThePinnedOneNeverSeesTheToken) {
  std::atomic<int> requests = 0;
  std::atomic<bool> told = false;
  trust::NodeCard card = NewerCard();
  card.identity = PublicFrom(66);
  ServeWith(
      [&, text = Signed(card, 66)](net::Exchange& exchange) {
        ++requests;
        if (exchange.request().Header("authorization").value()) told = true;
        Text(exchange, 200, text);
      },
      kNewTlsKey);
  EXPECT_FALSE(ConnectWith({.identity = nullptr, .bearer_token = kToken}).Status());
  EXPECT_GT(requests, 0);  // it was asked for its card
  EXPECT_FALSE(told);
}

TEST_F(NodeSessionTest, ATokenThatIsNotTakenIsNotShown) {
  ServeWith([&](net::Exchange& exchange) {
    Text(exchange, 401, R"({"code":"denied","detail":"the token is not known here"})");
  });
  const auto status = ConnectWith({.identity = nullptr, .bearer_token = kToken}).Status();
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("plasm node token"));
  EXPECT_THAT(status.error().message, ::testing::Not(HasSubstr(kToken)));
}

TEST_F(NodeSessionTest, AnotherKeyIsRefusedAndBothAreNamed) {
  ServeCard(Signed(ExampleCard()), kNewTlsKey);  // the card that is known, which lists the old key
  const auto status = Connect().Status();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kDenied);
  EXPECT_THAT(status.error().message, HasSubstr(FingerprintFrom(kNewTlsKey)));
  EXPECT_THAT(status.error().message, HasSubstr(FingerprintFrom(trust::testing::kTlsKey)));
}

TEST_F(NodeSessionTest, ANewerCardOfTheSameNodeBringsANewKey) {
  ServeCard(Signed(NewerCard()), kNewTlsKey);
  const auto status = Connect().Status();
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(store_.Load()->state.file().FindByName("a")->card_version, NewerCard().version);
  EXPECT_TRUE(Connect().Status());  // and is remembered
}

TEST_F(NodeSessionTest, ANodeThatIsNotTrustedIsKnownByTheCardThatItHasShownAndByNoLaterOne) {
  const auto shown = trust::OpenNodeCard(AsBytes(Signed(ExampleCard())));
  const trust::TrustStore nobody(folder_ / "empty");
  const auto connect = [&] {
    return NodeConnection(NodeSession(clock_, entropy_, server_->endpoint(),
                                      NodePin(nobody, "SHA256:x", clock_, *shown),
                                      {.identity = &identity_, .bearer_token = {}}));
  };
  ServeCard(Signed(ExampleCard()), trust::testing::kTlsKey);
  EXPECT_TRUE(connect().Status());
  ServeCard(Signed(NewerCard()), kNewTlsKey);
  const auto status = connect().Status();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kDenied);
  EXPECT_THAT(status.error().message, HasSubstr(FingerprintFrom(kNewTlsKey)));
}

TEST_F(NodeSessionTest, ACardOfAnotherNodeBringsNothing) {
  trust::NodeCard card = NewerCard();
  card.identity = PublicFrom(66);
  ServeCard(Signed(card, 66), kNewTlsKey);
  const auto status = Connect().Status();
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr(FingerprintFrom(66)));
  EXPECT_EQ(store_.Load()->state.file().FindByName("a")->card_version, ExampleCard().version);
}

TEST_F(NodeSessionTest, AnOlderCardBringsNothing) {
  trust::NodeCard card = NewerCard();
  card.version = ExampleCard().version - 1;
  ServeCard(Signed(card), kNewTlsKey);
  EXPECT_EQ(Connect().Status().error().code, ErrorCode::kDenied);
}

TEST_F(NodeSessionTest, ComesBackWhenTheNodeAskedForIt) {
  std::atomic<int> requests = 0;
  ServeWith([&](net::Exchange& exchange) {
    if (++requests < 3) {
      return Text(exchange, 503, R"({"code":"overloaded","detail":"full"})",
                  {{"Retry-After", "7"}});
    }
    Text(exchange, 200, kStatus);
  });
  ASSERT_TRUE(Connect().Status());
  EXPECT_EQ(requests, 3);
  EXPECT_GE(clock_.slept_ns, 14'000'000'000u);
}

TEST_F(NodeSessionTest, WhatIsRefusedIsNotAskedAgain) {
  std::atomic<int> requests = 0;
  ServeWith([&](net::Exchange& exchange) {
    ++requests;
    Text(exchange, 401, R"({"code":"denied","detail":"who are you?"})");
  });
  const auto status = Connect().Status();
  EXPECT_EQ(status.error().code, ErrorCode::kDenied);
  EXPECT_THAT(status.error().message, HasSubstr("who are you?"));
  EXPECT_THAT(status.error().message, HasSubstr("plasmd client add"));
  EXPECT_EQ(requests, 1);
}

TEST_F(NodeSessionTest, PatienceWithADeadNodeEnds) {
  ServeWith([](net::Exchange&) {});
  auto node = Connect();
  server_.reset();
  EXPECT_EQ(node.Status().error().code, ErrorCode::kUnavailable);
  EXPECT_GT(clock_.slept_ns, 1'000'000'000u);
}

TEST_F(NodeSessionTest, AnAnswerThatIsNoneIsCorrupt) {
  ServeWith([](net::Exchange& exchange) { Text(exchange, 200, "<html>"); });
  EXPECT_EQ(Connect().Status().error().code, ErrorCode::kCorrupt);
}

TEST_F(NodeSessionTest, FetchesTheCardOfAStranger) {
  ServeCard(Signed(ExampleCard()), trust::testing::kTlsKey);
  const auto key = net::FetchServerKey(clock_, server_->endpoint());
  ASSERT_TRUE(key) << key.error().message;
  const auto offered = FetchCard(clock_, server_->endpoint(), *key);
  ASSERT_TRUE(offered) << offered.error().message;
  EXPECT_EQ(offered->opened.card, ExampleCard());
}

}  // namespace
}  // namespace plasm::client
