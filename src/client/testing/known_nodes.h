// Nodes that are known and trusted here, for tests that choose among them.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/node_list.h"
#include "trust/testing/cards.h"
#include "trust/trust_file.h"

namespace plasm::client::testing {

class KnownNodesTest : public ::testing::Test {
 protected:
  void Know(const std::string& name, unsigned char key, std::optional<std::string> who = {},
            trust::TrustLevel level = trust::TrustLevel::kLogged) {
    nodes_.push_back({name, *net::Endpoint::Parse("https://" + name + ".invalid:7420")});
    ASSERT_TRUE(trusted_.Add({.name = name,
                              .identity = trust::testing::PublicFrom(key),
                              .level = level,
                              .card_version = {},
                              .operator_name = std::move(who),
                              .revoked = {}}));
  }

  std::vector<KnownNode> nodes_;
  trust::TrustFile trusted_;
};

inline std::string NamesOf(const std::vector<KnownNode>& nodes) {
  std::string names;
  for (const KnownNode& node : nodes) names += node.name;
  return names;
}

}  // namespace plasm::client::testing
