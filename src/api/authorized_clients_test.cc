#include "api/authorized_clients.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "crypto/ed25519.h"
#include "crypto/public_key_text.h"

namespace plasm::api {
namespace {

using ::testing::HasSubstr;

crypto::PublicKey Key(unsigned char first) {
  std::array<std::byte, 32> seed{};
  seed[0] = std::byte{first};
  return crypto::SigningKey::FromSeed(seed).public_key();
}

Result<AuthorizedClients> Parse(std::string_view text) {
  return AuthorizedClients::Parse(AsBytes(text));
}

std::string ErrorOf(std::string_view text) {
  const auto parsed = Parse(text);
  return parsed ? "no error" : parsed.error().message;
}

TEST(AuthorizedClientsTest, ReadsKeysFingerprintsAndUsersWithTheirOptions) {
  const std::string fingerprint = crypto::Fingerprint(Key(2));
  const auto file =
      Parse("# ours\nalice " + crypto::ToOpenSsh(Key(1)) + " sees-others unfinished=7\n\nbob\t" +
            fingerprint + " no-live running=3 upload-bytes=0 # on leave\nlocal uid:1000\n");
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(file->Entries().size(), 3u);
  const AuthorizedClient& alice = *file->FindByName("alice");
  EXPECT_EQ(alice.identity, crypto::Fingerprint(Key(1)));
  EXPECT_TRUE(alice.may.sees_others);
  EXPECT_TRUE(alice.may.may_run_live);
  EXPECT_EQ(alice.may.quota.unfinished, 7u);
  EXPECT_EQ(alice.may.quota.running, jobs::Quota{}.running);
  const AuthorizedClient& bob = *file->FindByKey(fingerprint);
  EXPECT_EQ(bob.name, "bob");
  EXPECT_FALSE(bob.may.may_run_live);
  EXPECT_EQ(bob.may.quota.running, 3u);
  EXPECT_EQ(bob.may.upload_bytes, 0u);
  EXPECT_EQ(file->FindByKey("uid:1000")->name, "local");
  EXPECT_EQ(file->FindByKey("uid:1001"), nullptr);
}

TEST(AuthorizedClientsTest, OneBadLineRefusesTheFileAndIsNamed) {
  EXPECT_THAT(ErrorOf("a uid:1\nb uid:2 admin\n"),
              ::testing::AllOf(HasSubstr("line 2"), HasSubstr("\"admin\"")));
  EXPECT_THAT(ErrorOf("a\n"), HasSubstr("1 fields"));
  EXPECT_THAT(ErrorOf("a ssh-ed25519\n"), HasSubstr("2 fields"));
  EXPECT_THAT(ErrorOf("a SHA256:short\n"), HasSubstr("SHA256:<fingerprint>"));
  EXPECT_THAT(ErrorOf("a ssh-rsa AAAA\n"), HasSubstr("ssh-ed25519 <key>"));
  EXPECT_THAT(ErrorOf("a uid:-1\n"), HasSubstr("uid:<number>"));
  EXPECT_THAT(ErrorOf("a uid:4294967295\n"), HasSubstr("uid:<number>"));
  EXPECT_THAT(ErrorOf("a uid:01\n"), HasSubstr("uid:<number>"));
  EXPECT_THAT(ErrorOf("a uid:1 running=4294967296\n"), HasSubstr("0 to 4294967295"));
  EXPECT_THAT(ErrorOf("a uid:1 running=+1\n"), HasSubstr("running="));
  EXPECT_THAT(ErrorOf("a uid:1 running=1 running=2\n"), HasSubstr("twice"));
  EXPECT_THAT(ErrorOf("a uid:1 no-live no-live\n"), HasSubstr("twice"));
  EXPECT_THAT(ErrorOf("../a uid:1\n"), HasSubstr("name"));
  EXPECT_THAT(ErrorOf("a uid:1\r\n"), HasSubstr("CR LF"));
}

TEST(AuthorizedClientsTest, RefusesANameOrAnIdentityThatIsThereTwice) {
  EXPECT_THAT(ErrorOf("a uid:1\na uid:2\n"), HasSubstr("line 2: the name \"a\" is taken"));
  EXPECT_THAT(ErrorOf("a uid:1\nb uid:1\n"), HasSubstr("stands under the name \"a\""));
  // The same key in its two forms.
  EXPECT_THAT(
      ErrorOf("a " + crypto::ToOpenSsh(Key(1)) + "\nb " + crypto::Fingerprint(Key(1)) + "\n"),
      HasSubstr("stands under the name \"a\""));
}

TEST(AuthorizedClientsTest, RefusesFilesThatAreTooLarge) {
  const auto parsed = Parse(std::string(AuthorizedClientForm::kMaxBytes + 1, '#'));
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, ErrorCode::kLimitExceeded);
  EXPECT_FALSE(Parse(std::string(AuthorizedClientForm::kMaxLines + 1, '\n')));
  EXPECT_TRUE(Parse(std::string(AuthorizedClientForm::kMaxLines, '\n')));
}

TEST(AuthorizedClientsTest, EditsLeaveAllOtherLinesAsTheyAre) {
  auto file = Parse("# first\na  uid:1\t# one\nb uid:2");
  ASSERT_TRUE(file);
  auto added = ClientWithIdentity(crypto::ToOpenSsh(Key(1)));
  ASSERT_TRUE(added);
  added->name = "c";
  ASSERT_TRUE(ApplyClientOption("no-live", added->may));
  ASSERT_TRUE(ApplyClientOption("upload-bytes=5", added->may));
  ASSERT_TRUE(file->Add(*added));
  ASSERT_TRUE(file->Remove("b"));
  EXPECT_EQ(file->Serialize(), "# first\na  uid:1\t# one\nc " + crypto::ToOpenSsh(Key(1)) +
                                   " no-live upload-bytes=5\n");
  EXPECT_EQ(file->FindByName("c")->identity, crypto::Fingerprint(Key(1)));
  EXPECT_EQ(file->FindByName("b"), nullptr);
  EXPECT_EQ(file->Remove("b").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(file->Add(*added).error().code, ErrorCode::kConflict);
}

}  // namespace
}  // namespace plasm::api
