// Clients that are none of ours: curl, openssl, Python.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <string>

#include "base/base64.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/testing/temp_folder.h"
#include "crypto/pkcs8.h"
#include "crypto/public_key_text.h"
#include "running_server.h"

namespace plasm::net {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::KeyNumber;
using testing::RunningServer;

struct Outcome {
  int status = -1;
  std::string output;
};

Outcome Shell(const std::string& command) {
  Outcome outcome;
  FILE* pipe = ::popen((command + " 2>&1 </dev/null").c_str(), "r");
  if (pipe == nullptr) return outcome;
  char buffer[4096];
  for (std::size_t count; (count = std::fread(buffer, 1, sizeof(buffer), pipe)) > 0;) {
    outcome.output.append(buffer, count);
  }
  outcome.status = WEXITSTATUS(::pclose(pipe));
  return outcome;
}

bool IsInstalled(const std::string& program) { return Shell("command -v " + program).status == 0; }

// As `curl --pinnedpubkey` takes it: of the SubjectPublicKeyInfo.
std::string CurlPin(const crypto::PublicKey& key) {
  const std::string pem = crypto::ToPem(key);
  const std::size_t begin = pem.find('\n') + 1;
  const auto der = DecodeBase64(pem.substr(begin, pem.find('\n', begin) - begin));
  return "sha256//" + EncodeBase64(Sha256Of(*der).bytes);
}

class ForeignClientsTest : public ::testing::Test {
 protected:
  ForeignClientsTest()
      : server_([](Exchange& exchange) {
          auto body = exchange.ReadWholeBody(1 << 20);
          const auto& key = exchange.peer().key;
          std::string text = key ? crypto::Fingerprint(*key) : "nobody";
          text += " sent " + std::to_string(body ? body->size() : 0);
          (void)exchange.Respond(200, {{"Content-Type", "text/plain"}}, AsBytes(text));
        }),
        key_(KeyNumber(7)) {
    Write("client.crt", AsBytes(testing::IdentityOf(key_).certificate_pem()));
    crypto::Pkcs8Pem pem;
    crypto::WritePkcs8Pem(key_, pem);
    Write("client.key", pem.bytes);
    Write("server.crt", AsBytes(testing::IdentityOf(server_.key()).certificate_pem()));
    Write("body", AsBytes(std::string(100'000, 'x')));
  }

  void Write(const std::string& name, ByteView bytes) {
    ASSERT_TRUE(WriteFileAtomically(folder_ / name, bytes));
  }
  std::string File(const std::string& name) const { return (folder_ / name).string(); }
  std::string Url() const { return server_.tls().ToString() + "/x"; }
  std::string Curl(const std::string& pin) const {
    return "curl -sS -k --max-time 30 --pinnedpubkey '" + pin + "' ";
  }
  std::string Shown() const {
    return "--cert " + File("client.crt") + " --key " + File("client.key") + " ";
  }

  RunningServer server_;
  crypto::SigningKey key_;
  plasm::testing::TempFolder folder_;
};

TEST_F(ForeignClientsTest, CurlPinsTheServerAndShowsItsKey) {
  if (!IsInstalled("curl")) GTEST_SKIP() << "no curl here";
  const std::string pin = CurlPin(server_.key().public_key());
  EXPECT_EQ(Shell(Curl(pin) + Url()).output, "nobody sent 0");
  EXPECT_EQ(Shell(Curl(pin) + Shown() + Url()).output,
            crypto::Fingerprint(key_.public_key()) + " sent 0");
  EXPECT_EQ(Shell(Curl(CurlPin(key_.public_key())) + Url()).status, 90);
}

TEST_F(ForeignClientsTest, CurlSendsBodiesOfEachKind) {
  if (!IsInstalled("curl")) GTEST_SKIP() << "no curl here";
  const std::string curl = Curl(CurlPin(server_.key().public_key()));
  const std::string body = "@" + File("body") + " ";
  EXPECT_THAT(Shell(curl + "--data-binary " + body + Url()).output, EndsWith("sent 100000"));
  EXPECT_THAT(Shell(curl + "-H 'Transfer-Encoding: chunked' --data-binary " + body + Url()).output,
              EndsWith("sent 100000"));
  EXPECT_THAT(Shell(curl + "-H 'Expect: 100-continue' -T " + File("body") + " " + Url()).output,
              EndsWith("sent 100000"));
  EXPECT_THAT(Shell(curl + "-I " + Url()).output, HasSubstr("HTTP/1.1 200 OK"));
  EXPECT_EQ(Shell(curl + "--http2 " + Url() + " " + Url()).output, "nobody sent 0nobody sent 0");
  EXPECT_EQ(Shell("curl -sS --max-time 30 --unix-socket " + server_.unix_socket().path +
                  " http://localhost/x")
                .output,
            "nobody sent 0");
}

TEST_F(ForeignClientsTest, CurlBelievesTheCertificateAsAnAuthority) {
  if (!IsInstalled("curl")) GTEST_SKIP() << "no curl here";
  EXPECT_EQ(Shell("curl -sS --max-time 30 --cacert " + File("server.crt") + " " + Url()).output,
            "nobody sent 0");
}

TEST_F(ForeignClientsTest, OpensslMakesAHandshakeAndFindsNothingToResume) {
  if (!IsInstalled("openssl")) GTEST_SKIP() << "no openssl here";
  const std::string connect =
      "openssl s_client -connect 127.0.0.1:" + std::to_string(server_.tls().port) + " ";
  const Outcome good = Shell(connect + "-CAfile " + File("server.crt"));
  EXPECT_THAT(good.output, HasSubstr("TLSv1.3"));
  EXPECT_THAT(good.output, HasSubstr("Verification: OK"));
  EXPECT_THAT(good.output, ::testing::Not(HasSubstr("New Session Ticket arrived")));
  EXPECT_NE(Shell(connect + "-tls1_2").status, 0);
  EXPECT_THAT(Shell("openssl x509 -in " + File("server.crt") + " -noout -text").output,
              HasSubstr("DNS:localhost, IP Address:127.0.0.1"));
}

TEST_F(ForeignClientsTest, PythonBelievesTheCertificateToo) {
  if (!IsInstalled("python3")) GTEST_SKIP() << "no python3 here";
  const Outcome outcome = Shell("python3 -c \"import ssl, urllib.request as r; print(r.urlopen('" +
                                Url() + "', context=ssl.create_default_context(cafile='" +
                                File("server.crt") + "')).read().decode())\"");
  EXPECT_EQ(outcome.output, "nobody sent 0\n");
}

}  // namespace
}  // namespace plasm::net
