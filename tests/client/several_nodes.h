// For tests: nodes on loopback that a client trusts, each with an identity of its own.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/testing/temp_folder.h"
#include "client/node_list.h"
#include "fake_node.h"
#include "home/data_folder.h"
#include "trust/testing/cards.h"
#include "trust/trust_store.h"

namespace plasm::client {

class SeveralNodes : public ::testing::Test {
 protected:
  // Before what the answers refer to ends with the test.
  void TearDown() override { nodes_.clear(); }

  using Answer = testing::FakeNode::Answer;

  // Known and trusted under this name; it answers as the test says, on a thread of its own.
  // Its identity is that of IdentityOf(name); its receipt key is trust::testing::kReceiptKey.
  KnownNode Start(const std::string& name, Answer answer) {
    const auto number = static_cast<unsigned char>(21 + nodes_.size());
    const auto tls_number = static_cast<unsigned char>(number + 100);
    identities_[name] = trust::testing::FingerprintFrom(number);
    Trust(name, number, tls_number);
    nodes_.push_back(std::make_unique<testing::FakeNode>(trust::testing::KeyFrom(tls_number),
                                                         std::move(answer)));
    EXPECT_TRUE(nodes_.back()->started());
    return {.name = name, .endpoint = nodes_.back()->endpoint()};
  }

  // A fingerprint.
  const std::string& IdentityOf(const std::string& name) const { return identities_.at(name); }

  static void Text(net::Exchange& exchange, int status, const std::string& body,
                   const net::Headers& headers = {}) {
    static_cast<void>(exchange.Respond(status, headers, AsBytes(body)));
  }

  static std::string StatusText(std::uint64_t running, bool draining = false) {
    return R"({"version":"0.1.0","engine":"wasmtime-48.0.8-00","arch":"x86_64","profiles":[],)"
           R"("cores":2,"queued":0,"running":)" +
           std::to_string(running) + R"(,"draining":)" + (draining ? "true" : "false") +
           R"(,"limits":{"memoryBytes":"1","fuel":"2","outputBytes":"3","fileBytes":"4",)"
           R"("fileNodes":"5","wallTimeMs":"6"}})";
  }

  SystemClock clock_;
  SystemEntropy entropy_;
  testing::TempFolder folder_;
  home::DataFolder data_ = *home::DataFolder::Locate((folder_ / "data").string());
  trust::TrustStore store_{folder_ / "data"};

  trust::TrustLevel level_ = trust::TrustLevel::kLogged;  // of nodes that are started

 private:
  void Trust(const std::string& name, unsigned char number, unsigned char tls_number) {
    trust::NodeCard card = trust::testing::ExampleCard();
    card.identity = trust::testing::PublicFrom(number);
    card.issued = trust::testing::Time("2020-01-01T00:00:00Z");
    card.expires = trust::testing::Time("9000-01-01T00:00:00Z");
    for (trust::NodeKey& key : card.keys) {
      if (key.use != trust::KeyUse::kTls) continue;
      key.key = trust::testing::PublicFrom(tls_number);
      key.from = card.issued;
      key.to = card.expires;
    }
    ASSERT_TRUE(store_.Add({.name = name,
                            .identity = card.identity,
                            .level = level_,
                            .card_version = {},
                            .revoked = {}}));
    const auto envelope = trust::SignNodeCard(card, trust::testing::KeyFrom(number));
    ASSERT_TRUE(envelope);
    ASSERT_TRUE(store_.AcceptCard(AsBytes(*envelope)));
  }

  std::map<std::string, std::string> identities_;
  std::vector<std::unique_ptr<testing::FakeNode>> nodes_;
};

}  // namespace plasm::client
