#include "client/remote_replay.h"

#include <gtest/gtest.h>

#include "client/testing/known_nodes.h"

namespace plasm::client {
namespace {

class OthersThanTest : public testing::KnownNodesTest {
 protected:
  std::string OthersThanNode(unsigned char key) {
    receipt::Statement statement;
    statement.node.identity = trust::testing::FingerprintFrom(key);
    return testing::NamesOf(OthersThan(statement, nodes_, trusted_));
  }
};

TEST_F(OthersThanTest, NobodyBearsWitnessAboutItself) {
  Know("a", 1);
  Know("b", 2);
  EXPECT_EQ(OthersThanNode(1), "b");
  EXPECT_EQ(OthersThanNode(9), "ab");
}

TEST_F(OthersThanTest, NorAboutANodeOfItsOperator) {
  Know("a", 1, "acme");
  Know("b", 2, "acme");
  Know("c", 3, "other");
  Know("d", 4);
  EXPECT_EQ(OthersThanNode(1), "cd");
  EXPECT_EQ(OthersThanNode(4), "abc");
}

TEST_F(OthersThanTest, StrangersAndBlockedNodesBearNone) {
  Know("a", 1);
  Know("b", 2, {}, trust::TrustLevel::kBlocked);
  nodes_.push_back({"stranger", *net::Endpoint::Parse("https://stranger.invalid:7420")});
  EXPECT_EQ(OthersThanNode(9), "a");
}

}  // namespace
}  // namespace plasm::client
