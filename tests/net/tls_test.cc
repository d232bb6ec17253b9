// Who is who: keys, and the ways around them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "crypto/public_key_text.h"
#include "raw_socket.h"
#include "running_server.h"

namespace plasm::net {
namespace {

using testing::Echo;
using ::testing::HasSubstr;
using testing::IdentityOf;
using testing::KeyNumber;
using testing::RawSocket;
using testing::RunningServer;
using ::testing::StartsWith;

// Says which key the client has.
void TellKey(Exchange& exchange) {
  const auto& key = exchange.peer().key;
  (void)exchange.Respond(200, {}, AsBytes(key ? crypto::Fingerprint(*key) : "nobody"));
}

std::string Told(Client client) {
  const auto response = client.Fetch({}, 1000);
  return response ? std::string(AsText(response->body)) : "error: " + response.error().message;
}

// OpenSSL as a stranger uses it.
class Stranger {
 public:
  Stranger() : context_(SSL_CTX_new(TLS_client_method())) {}
  ~Stranger() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
    ERR_clear_error();
  }
  SSL_CTX* context() { return context_; }
  SSL* ssl() { return ssl_; }

  // Whether the handshake succeeds.
  bool Connect(const Endpoint& endpoint, SSL_SESSION* session = nullptr) {
    socket_ = std::make_unique<RawSocket>(endpoint);
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, socket_->fd());
    if (session != nullptr) SSL_set_session(ssl_, session);
    return SSL_connect(ssl_) == 1;
  }
  // The answer to a request; "" when the connection is cut.
  std::string Get() {
    const std::string_view request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    SSL_write(ssl_, request.data(), static_cast<int>(request.size()));
    std::string answer;
    char buffer[4096];
    for (int count; (count = SSL_read(ssl_, buffer, sizeof(buffer))) > 0;) {
      answer.append(buffer, static_cast<std::size_t>(count));
    }
    return answer;
  }

 private:
  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
  std::unique_ptr<RawSocket> socket_;
};

TEST(TlsTest, TheServerLearnsTheKeyOfTheClient) {
  RunningServer server(TellKey);
  const auto key = KeyNumber(2);
  const TlsIdentity identity = IdentityOf(key);
  EXPECT_EQ(Told(server.TlsClient(&identity)), crypto::Fingerprint(key.public_key()));
  EXPECT_EQ(Told(server.TlsClient()), "nobody");
  EXPECT_EQ(Told(server.UnixClient()), "nobody");
}

TEST(TlsTest, AServerWithAnotherKeyIsToldNothing) {
  RunningServer server(TellKey);
  const auto expected = KeyNumber(9).public_key();
  Client client(server.clock(), server.tls(), expected, nullptr);
  const auto response = client.Fetch({}, 100);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kDenied);
  EXPECT_THAT(response.error().message, HasSubstr(crypto::Fingerprint(expected)));
  EXPECT_THAT(response.error().message, HasSubstr(crypto::Fingerprint(server.key().public_key())));
  server.Stop(std::chrono::seconds(0));
  EXPECT_EQ(server.server().counters().requests, 0u);
}

TEST(TlsTest, TheKeyOfAServerCanBeAskedFor) {
  RunningServer server(TellKey);
  const auto key = FetchServerKey(server.clock(), server.tls());
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(*key, server.key().public_key());
  EXPECT_EQ(FetchServerKey(server.clock(), server.unix_socket()).error().code, ErrorCode::kInvalid);
}

TEST(TlsTest, WithoutAKeyNothingIsSent) {
  RunningServer server(TellKey);
  Client client(server.clock(), server.tls(), std::nullopt, nullptr);
  EXPECT_EQ(client.Fetch({}, 100).error().code, ErrorCode::kInvalid);
}

TEST(TlsTest, OlderVersionsAreRefused) {
  RunningServer server(Echo);
  Stranger old;
  SSL_CTX_set_max_proto_version(old.context(), TLS1_2_VERSION);
  EXPECT_FALSE(old.Connect(server.tls()));
  Stranger current;
  EXPECT_TRUE(current.Connect(server.tls()));
  EXPECT_THAT(current.Get(), StartsWith("HTTP/1.1 200 "));
}

TEST(TlsTest, NoSessionIsEverResumed) {
  RunningServer server(Echo);
  Stranger first;
  SSL_CTX_set_session_cache_mode(first.context(), SSL_SESS_CACHE_CLIENT);
  ASSERT_TRUE(first.Connect(server.tls()));
  EXPECT_THAT(first.Get(), StartsWith("HTTP/1.1 200 "));
  SSL_SESSION* session = SSL_get1_session(first.ssl());
  EXPECT_FALSE(SSL_SESSION_is_resumable(session));
  EXPECT_EQ(SSL_SESSION_get_max_early_data(session), 0u);
  Stranger second;
  EXPECT_TRUE(second.Connect(server.tls(), session));
  EXPECT_FALSE(SSL_session_reused(second.ssl()));
  SSL_SESSION_free(session);
}

TEST(TlsTest, OtherProtocolsAreRefused) {
  RunningServer server(Echo);
  Stranger http2;
  SSL_CTX_set_alpn_protos(http2.context(), reinterpret_cast<const unsigned char*>("\x02h2"), 3);
  EXPECT_FALSE(http2.Connect(server.tls()));
  Stranger both;
  SSL_CTX_set_alpn_protos(both.context(),
                          reinterpret_cast<const unsigned char*>("\x02h2\x08http/1.1"), 12);
  ASSERT_TRUE(both.Connect(server.tls()));
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(both.ssl(), &chosen, &size);
  EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(chosen), size), "http/1.1");
}

TEST(TlsTest, AClientWithAKeyOfAnotherKindIsNobody) {
  RunningServer server(TellKey);
  Stranger stranger;
  std::unique_ptr<EVP_PKEY, FreeEvpKey> key(EVP_EC_gen("P-256"));
  X509Ptr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 1000);
  X509_set_pubkey(certificate.get(), key.get());
  ASSERT_NE(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
  ASSERT_EQ(SSL_CTX_use_certificate(stranger.context(), certificate.get()), 1);
  ASSERT_EQ(SSL_CTX_use_PrivateKey(stranger.context(), key.get()), 1);
  ASSERT_TRUE(stranger.Connect(server.tls()));
  EXPECT_THAT(stranger.Get(), ::testing::EndsWith("nobody"));
}

TEST(TlsTest, DatesOfACertificateDoNotCount) {
  RunningServer server(TellKey);
  const auto key = KeyNumber(3);
  const auto identity =
      TlsIdentity::Make(key, {"expired", {}, {}}, {.not_before = 0, .not_after = 1000});
  ASSERT_TRUE(identity);
  EXPECT_EQ(Told(server.TlsClient(&*identity)), crypto::Fingerprint(key.public_key()));
}

}  // namespace
}  // namespace plasm::net
