#include "net/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "base/testing/fixed_entropy.h"
#include "net/client.h"

namespace plasm::net {
namespace {

class Echo final : public Handler {
 public:
  void Serve(Exchange& exchange) override {
    auto body = exchange.ReadWholeBody(1 << 20);
    if (!body) return (void)exchange.RespondError(body.error());
    (void)exchange.Respond(200, {{"Content-Type", "text/plain"}}, *body);
  }
};

TEST(ServerTest, AnswersOverTls) {
  SystemClock clock;
  testing::FixedEntropy entropy(1);
  const auto key = crypto::SigningKey::Generate(entropy);
  const auto identity = TlsIdentity::Make(key, {"node", {"localhost"}, {"127.0.0.1"}});
  ASSERT_TRUE(identity) << identity.error().message;
  Echo echo;
  Server server(clock, echo, &*identity);
  auto listener = Listener::OnTcp("127.0.0.1:0");
  ASSERT_TRUE(listener) << listener.error().message;
  const Endpoint endpoint{.host = "127.0.0.1", .port = listener->port()};
  std::vector<Listener> listeners;
  listeners.push_back(*std::move(listener));
  ASSERT_TRUE(server.Start(std::move(listeners)));
  std::thread thread([&] { EXPECT_TRUE(server.Run()); });
  {
    Client client(clock, endpoint, key.public_key(), nullptr);
    for (int i = 0; i < 3; ++i) {
      const auto response =
          client.Fetch({.method = "POST", .target = "/x", .body = AsBytes("hello")}, 100);
      EXPECT_TRUE(response) << response.error().message;
      if (response) {
        EXPECT_EQ(response->head.status, 200);
        EXPECT_EQ(AsText(response->body), "hello");
      }
    }
  }
  server.Stop(std::chrono::seconds(1));
  thread.join();
  EXPECT_EQ(server.counters().accepted, 1u);
}

}  // namespace
}  // namespace plasm::net
