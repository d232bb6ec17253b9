#include "api/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "crypto/public_key_text.h"
#include "crypto/token_secret.h"

namespace plasm::api {
namespace {

using ::testing::HasSubstr;

constexpr uid_t kOwner = 990;
constexpr UtcTime kNow{1'764'000'000'000};

crypto::PublicKey Key(unsigned char first) {
  std::array<std::byte, 32> seed{};
  seed[0] = std::byte{first};
  return crypto::SigningKey::FromSeed(seed).public_key();
}

std::string Secret(char c) { return std::string(crypto::kTokenSecretSize, c); }

AccessList ExampleList() {
  AccessList list;
  auto alice = ClientWithIdentity(crypto::Fingerprint(Key(1)));
  alice->name = "alice";
  alice->may.quota.running = 5;
  EXPECT_TRUE(list.clients.Add(*alice));
  auto user = ClientWithIdentity("uid:1000");
  user->name = "user";
  user->may.sees_others = true;
  EXPECT_TRUE(list.clients.Add(*user));
  const auto digest = [](char c) { return Sha256Of(AsBytes(Secret(c))); };
  EXPECT_TRUE(list.tokens.Add({"ci", digest('c'), {.jobs = true}, UtcTime{kNow.milliseconds + 1}}));
  EXPECT_TRUE(list.tokens.Add({"old", digest('o'), {.jobs = true}, kNow}));
  EXPECT_TRUE(list.tokens.Add({"graphs", digest('g'), {.metrics = true}, {}}));
  return list;
}

net::Peer Tls(std::optional<crypto::PublicKey> key) {
  return {.kind = net::Peer::Kind::kTls, .key = key, .uid = {}, .address = "192.0.2.7:1"};
}
net::Peer Unix(std::optional<uid_t> uid) {
  return {.kind = net::Peer::Kind::kUnix, .key = {}, .uid = uid, .address = "unix"};
}

std::variant<Access, Unknown> Ask(const net::Peer& peer,
                                  std::optional<std::string_view> header = {}) {
  return Authorize(ExampleList(), peer, header, kNow, kOwner);
}

TEST(AuthorizeTest, ClientsAreKnownByTheKeyOfTheirCertificate) {
  const auto access = std::get<Access>(Ask(Tls(Key(1))));
  EXPECT_EQ(access.client.name, crypto::Fingerprint(Key(1)));
  EXPECT_EQ(access.client.quota.running, 5u);
  EXPECT_FALSE(access.client.sees_others);
  EXPECT_EQ(access.scopes, (Scopes{.jobs = true}));
}

TEST(AuthorizeTest, EverybodyElseIsUnknownAndToldWhatToDo) {
  EXPECT_THAT(std::get<Unknown>(Ask(Tls(Key(2)))).detail,
              HasSubstr("plasmd client add NAME " + crypto::Fingerprint(Key(2))));
  EXPECT_THAT(std::get<Unknown>(Ask(Tls({}))).detail, HasSubstr("certificate"));
  EXPECT_THAT(std::get<Unknown>(Ask(Unix(1001))).detail, HasSubstr("uid:1001"));
  EXPECT_TRUE(std::holds_alternative<Unknown>(Ask(Unix({}))));
  // A list with nobody in it lets nobody in.
  EXPECT_TRUE(std::holds_alternative<Unknown>(Authorize({}, Tls(Key(1)), {}, kNow, kOwner)));
}

TEST(AuthorizeTest, AnOpenNodeTakesEveryKeyIntoOneClassAndNobodyElse) {
  AccessList list = ExampleList();
  list.guests.emplace();
  const auto ask = [&](const net::Peer& peer, std::optional<std::string_view> header = {}) {
    return Authorize(list, peer, header, kNow, kOwner);
  };
  const auto guest = std::get<Access>(ask(Tls(Key(2))));
  EXPECT_EQ(guest.client.name, crypto::Fingerprint(Key(2)));
  EXPECT_EQ(guest.client.Share(), std::get<Access>(ask(Tls(Key(3)))).client.Share());
  EXPECT_NE(guest.client.Share(), guest.client.name);
  EXPECT_FALSE(guest.client.sees_others);
  EXPECT_FALSE(guest.client.may_run_live);
  EXPECT_EQ(guest.client.quota.running, 1u);
  EXPECT_EQ(guest.scopes, (Scopes{.jobs = true}));
  EXPECT_EQ(guest.submissions, 10'000u);
  // Whoever is known is no guest; without a key, with a wrong token, on the socket: nobody.
  EXPECT_EQ(std::get<Access>(ask(Tls(Key(1)))).client.quota.running, 5u);
  EXPECT_FALSE(std::get<Access>(ask(Tls(Key(1)))).submissions);
  EXPECT_THAT(std::get<Unknown>(ask(Tls({}))).detail, HasSubstr("any Ed25519 key"));
  EXPECT_TRUE(std::holds_alternative<Unknown>(ask(Tls(Key(2)), "Bearer " + Secret('x'))));
  EXPECT_TRUE(std::holds_alternative<Unknown>(ask(Unix(1001))));
}

TEST(AuthorizeTest, AClientsNameTellsWhatItMayDoNow) {
  AccessList list = ExampleList();
  const std::string alice = crypto::Fingerprint(Key(1));
  const std::string other = crypto::Fingerprint(Key(2));
  EXPECT_EQ(ClientNamed(list, alice).quota.running, 5u);
  EXPECT_EQ(ClientNamed(list, other).Share(), other);
  list.guests.emplace();
  EXPECT_EQ(ClientNamed(list, alice).Share(), alice);
  EXPECT_EQ(ClientNamed(list, other).Share(), "guests");
  EXPECT_EQ(ClientNamed(list, other).name, other);
  EXPECT_EQ(ClientNamed(list, "token:ci").Share(), "token:ci");
}

TEST(AuthorizeTest, OnTheSocketTheOwnerAndRootMayDoEverything) {
  for (const uid_t user : {kOwner, uid_t{0}}) {
    const auto access = std::get<Access>(Ask(Unix(user)));
    EXPECT_EQ(access.client.name, "uid:" + std::to_string(user));
    EXPECT_TRUE(access.client.sees_others);
    EXPECT_EQ(access.scopes, (Scopes{true, true, true}));
  }
  const auto other = std::get<Access>(Ask(Unix(1000)));
  EXPECT_EQ(other.client.name, "uid:1000");
  EXPECT_EQ(other.scopes, (Scopes{.jobs = true, .metrics = false, .see_others = true}));
}

TEST(AuthorizeTest, TokensBringTheirScopes) {
  const auto ci = std::get<Access>(Ask(Tls({}), "Bearer " + Secret('c')));
  EXPECT_EQ(ci.client.name, "token:ci");
  EXPECT_EQ(ci.scopes, (Scopes{.jobs = true}));
  const auto graphs = std::get<Access>(Ask(Tls({}), "bearer " + Secret('g')));
  EXPECT_EQ(graphs.scopes, (Scopes{.jobs = false, .metrics = true}));
}

TEST(AuthorizeTest, ATokenThatIsGivenDecidesAlone) {
  // A good certificate does not make up for a bad token, nor does the owner's socket.
  for (const std::string& header :
       std::vector<std::string>{"Bearer " + Secret('x'), "Bearer ", "Basic YTpi", "", Secret('c'),
                                "Bearer  " + Secret('c'), "Bearer " + Secret('c') + " "}) {
    EXPECT_TRUE(std::holds_alternative<Unknown>(Ask(Tls(Key(1)), header))) << header;
    EXPECT_TRUE(std::holds_alternative<Unknown>(Ask(Unix(kOwner), header))) << header;
  }
  EXPECT_EQ(std::get<Access>(Ask(Unix(kOwner), "Bearer " + Secret('c'))).client.name, "token:ci");
}

TEST(AuthorizeTest, TokensExpire) {
  EXPECT_THAT(std::get<Unknown>(Ask(Tls({}), "Bearer " + Secret('o'))).detail,
              HasSubstr("expired at 2025-11-24T16:00:00.000Z"));
}

}  // namespace
}  // namespace plasm::api
