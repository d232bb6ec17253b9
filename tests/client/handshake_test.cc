// Offers to several nodes, over real TLS.
#include "client/handshake.h"

#include <gmock/gmock.h>
#include <sys/eventfd.h>

#include <atomic>
#include <mutex>
#include <set>

#include "base/unique_fd.h"
#include "several_nodes.h"

namespace plasm::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kId = "job-00000000-0000-4000-8000-000000000001";
const std::string kAccepted =
    R"({"Accepted":{"job_id":")" + kId + R"(","estimated_start":1,"node_peer_id":"x"}})";

std::string Rejected(const std::string& reason) {
  return R"({"Rejected":{"job_id":")" + kId + R"(","reason":)" + reason + "}}";
}

class HandshakeTest : public SeveralNodes {
 protected:
  KnownNode Node(const std::string& name, const std::string& status, const std::string& answer,
                 int code = 200) {
    return Start(name, [this, status, answer, code](net::Exchange& exchange) {
      if (exchange.request().path() == "/v1/node/status") return Text(exchange, 200, status);
      const auto body = exchange.ReadWholeBody(1 << 16);
      {
        const std::lock_guard lock(mutex_);
        offers_.insert(std::string(AsText(*body)));
      }
      Text(exchange, code, answer);
    });
  }

  Handshake Shake(std::vector<KnownNode> nodes) {
    return {data_, std::move(nodes), manifest_, kId, clock_, entropy_};
  }
  // The names in the order in which they are given, then why there is no other.
  std::vector<std::string> All(std::vector<KnownNode> nodes) {
    Handshake shake = Shake(std::move(nodes));
    while (true) {
      const auto node = shake.Next(-1);
      if (!node) {
        why_ = node.error().message;
        EXPECT_EQ(shake.left(), 0u);
        return std::move(names_);
      }
      names_.push_back(node->name);
    }
  }

  receipt::Manifest manifest_;
  std::atomic<bool> away_ = true;
  std::mutex mutex_;
  std::set<std::string> offers_;
  std::vector<std::string> names_;
  std::string why_;
};

TEST_F(HandshakeTest, TheLeastBusyThatAcceptComeFirstAndEachOnce) {
  EXPECT_EQ(All({Node("busy", StatusText(9), kAccepted), Node("free", StatusText(0), kAccepted),
                 Node("draining", StatusText(0, true), kAccepted),
                 Node("some", StatusText(3), kAccepted)}),
            (std::vector<std::string>{"free", "some", "busy", "draining"}));
}

TEST_F(HandshakeTest, EachNodeIsOfferedTheJobUnderItsIdWithANonceOfItsOwn) {
  All({Node("a", StatusText(0), kAccepted), Node("b", StatusText(0), kAccepted)});
  ASSERT_EQ(offers_.size(), 2u) << "they are not the same";
  for (const std::string& offer : offers_) {
    EXPECT_THAT(offer, HasSubstr("\"job_id\":\"" + kId + "\""));
    EXPECT_THAT(offer, HasSubstr(R"("arch":"x86_64","wasm_runtime":"wasmtime-48")"));
  }
}

TEST_F(HandshakeTest, WhoDoesNotTakeTheJobIsPassedOverAndItsReasonIsSaid) {
  EXPECT_EQ(
      All({Node("full", StatusText(0), Rejected("\"QueueFull\"")), Node("odd", StatusText(0), "{}"),
           Node("strict", StatusText(0), R"({"code":"denied","detail":"no"})", 403),
           Node("other", StatusText(0), kAccepted)}),
      std::vector<std::string>{"other"});
  EXPECT_THAT(why_, HasSubstr("no other node takes the job"));
  EXPECT_THAT(why_, HasSubstr("full does not take the job: its queue is full"));
  EXPECT_THAT(why_, HasSubstr("odd: the node's answer to an offer"));
  EXPECT_THAT(why_, HasSubstr("strict: no"));
}

TEST_F(HandshakeTest, MoreThanAFewAreAskedOnlyWhenTheFirstDoNotTakeIt) {
  std::vector<KnownNode> nodes;
  for (int i = 0; i < 6; ++i) {
    nodes.push_back(Node("n" + std::to_string(i), StatusText(static_cast<std::uint64_t>(i)),
                         i == 5 ? kAccepted : Rejected("\"QueueFull\"")));
  }
  EXPECT_EQ(All(nodes), std::vector<std::string>{"n5"});
  Handshake once = Shake({nodes[5], Node("n6", StatusText(9), kAccepted)});
  offers_.clear();
  ASSERT_TRUE(once.Next(-1));
  EXPECT_EQ(once.left(), 1u);
  ASSERT_TRUE(once.Next(-1));
  EXPECT_EQ(offers_.size(), 2u) << "an acceptance that still holds is not asked for again";
}

TEST_F(HandshakeTest, FewHoldAPlaceForAJobThatTheFirstTakes) {
  std::vector<KnownNode> nodes;
  for (int i = 0; i < 6; ++i) {
    nodes.push_back(
        Node("n" + std::to_string(i), StatusText(static_cast<std::uint64_t>(i)), kAccepted));
  }
  Handshake shake = Shake(nodes);
  const auto node = shake.Next(-1);
  ASSERT_TRUE(node);
  EXPECT_EQ(node->name, "n0");
  EXPECT_LE(offers_.size(), 2u);
}

TEST_F(HandshakeTest, APlaceThatIsHeldForNoTimeDoesNotMakeItAskForEver) {
  const KnownNode node = Start("hasty", [](net::Exchange& exchange) {
    if (exchange.request().path() == "/v1/node/status") return Text(exchange, 200, StatusText(0));
    Text(exchange, 200, kAccepted, {{"Plasm-Reserved-Seconds", "0"}});
  });
  EXPECT_EQ(All({node}), std::vector<std::string>{"hasty"});
}

TEST_F(HandshakeTest, OfANodeThatCannotBeReachedItIsSaidWhy) {
  KnownNode gone = Node("gone", StatusText(0), kAccepted);
  gone.endpoint.port = 1;
  EXPECT_TRUE(All({gone}).empty());
  EXPECT_THAT(why_, HasSubstr("no node takes the job"));
  EXPECT_THAT(why_, HasSubstr("gone: "));
  EXPECT_THAT(why_, Not(HasSubstr("other")));
}

TEST_F(HandshakeTest, ANodeThatWasAwayIsAskedOnceMoreWhenTheOthersAreUsedUp) {
  const KnownNode late = Start("late", [this](net::Exchange& exchange) {
    if (away_) return Text(exchange, 503, R"({"code":"unavailable","detail":"starting"})");
    if (exchange.request().path() == "/v1/node/status") return Text(exchange, 200, StatusText(0));
    Text(exchange, 200, kAccepted);
  });
  Handshake shake = Shake({late, Node("good", StatusText(0), kAccepted)});
  const auto first = shake.Next(-1);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->name, "good");
  EXPECT_EQ(shake.left(), 1u);
  away_ = false;
  const auto second = shake.Next(-1);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->name, "late");
  EXPECT_FALSE(shake.Next(-1));
}

TEST_F(HandshakeTest, TheCallerCanEndIt) {
  const UniqueFd interrupt(eventfd(1, EFD_CLOEXEC));
  Handshake shake = Shake({Node("a", StatusText(0), kAccepted)});
  const auto node = shake.Next(interrupt.get());
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().message, "interrupted");
}

}  // namespace
}  // namespace plasm::client
