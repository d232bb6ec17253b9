// For tests: a client that trusts node A (trust/testing/cards.h), whose pauses take no time.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/testing/fixed_clock.h"
#include "base/testing/fixed_entropy.h"
#include "base/testing/temp_folder.h"
#include "client/client_identity.h"
#include "client/node_connection.h"
#include "fake_node.h"
#include "trust/testing/cards.h"
#include "trust/trust_store.h"

namespace plasm::client {

class ClientFixture : public ::testing::Test {
 protected:
  ClientFixture() {
    clock_.realtime_ns = trust::testing::Time("2026-07-01T00:00:00Z").milliseconds * 1'000'000;
    EXPECT_TRUE(store_.Add({.name = "a",
                            .identity = trust::testing::PublicFrom(trust::testing::kIdentity),
                            .level = trust::TrustLevel::kLogged,
                            .card_version = {},
                            .revoked = {}}));
    EXPECT_TRUE(store_.AcceptCard(AsBytes(Signed(trust::testing::ExampleCard()))));
  }

  static std::string Signed(const trust::NodeCard& card,
                            unsigned char identity = trust::testing::kIdentity) {
    return *trust::SignNodeCard(card, trust::testing::KeyFrom(identity));
  }

  void ServeWith(testing::FakeNode::Answer answer,
                 unsigned char tls_key = trust::testing::kTlsKey) {
    server_ =
        std::make_unique<testing::FakeNode>(trust::testing::KeyFrom(tls_key), std::move(answer));
    ASSERT_TRUE(server_->started());
  }

  NodeConnection Connect() { return ConnectWith({.identity = &identity_, .bearer_token = {}}); }
  NodeConnection ConnectWith(Credentials credentials) {
    return NodeConnection(NodeSession(clock_, entropy_, server_->endpoint(),
                                      NodePin(store_, "a", clock_), std::move(credentials)));
  }

  static void Text(net::Exchange& exchange, int status, const std::string& body,
                   const net::Headers& headers = {}) {
    static_cast<void>(exchange.Respond(status, headers, AsBytes(body)));
  }

  static std::string JobText(const std::string& id, const Sha256Digest& manifest,
                             const std::string& state, const std::string& more = "") {
    return R"({"id":")" + id + R"(","state":")" + state + R"(","client":"c","manifest":")" +
           manifest.ToHex() + R"(","submitted":"2026-07-01T00:00:00Z","attempts":1)" + more + "}";
  }

  testing::TempFolder folder_;
  testing::FixedClock clock_;
  testing::FixedEntropy entropy_;
  trust::TrustStore store_{folder_ / "data"};
  net::TlsIdentity identity_ = *IdentityOf(trust::testing::KeyFrom(99));
  std::unique_ptr<testing::FakeNode> server_;
};

}  // namespace plasm::client
