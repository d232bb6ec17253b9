#include "client/verifier_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "base/testing/temp_folder.h"
#include "client/output_contents.h"
#include "client/replay_setup.h"
#include "crypto/public_key_text.h"
#include "trust/testing/cards.h"

namespace plasm::client {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class VerifierFilesTest : public ::testing::Test {
 protected:
  testing::TempFolder folder_;
  home::DataFolder data_ = *home::DataFolder::Locate(folder_.path());
};

TEST_F(VerifierFilesTest, AnEmptyFolderTrustsNobodyAndDemandsNothing) {
  EXPECT_TRUE(LoadTrust(data_)->state.file().Nodes().empty());
  EXPECT_FALSE(LoadStandingPolicy(data_)->has_value());
}

TEST_F(VerifierFilesTest, ADemandedPolicyMustBeThere) {
  const auto missing = LoadPolicy(folder_ / "none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
}

// Or a typing mistake would switch off what somebody relies on.
TEST_F(VerifierFilesTest, AStandingPolicyWithAMistakeIsAnError) {
  ASSERT_TRUE(WriteFileAtomically(data_.policy(), AsBytes("quorm w\n")));
  const auto refused = LoadStandingPolicy(data_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr(data_.policy().string()));
}

TEST_F(VerifierFilesTest, APublicKeyIsRead) {
  const crypto::PublicKey key = trust::testing::PublicFrom(1);
  ASSERT_TRUE(WriteFileAtomically(folder_ / "key.pem", AsBytes(crypto::ToPem(key))));
  EXPECT_EQ(*LoadPublicKey(folder_ / "key.pem"), key);
  ASSERT_TRUE(WriteFileAtomically(folder_ / "bad.pem", AsBytes("no key")));
  const auto refused = LoadPublicKey(folder_ / "bad.pem");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("bad.pem"));
}

TEST_F(VerifierFilesTest, AFoldersDigestsAreThoseOfItsFiles) {
  ASSERT_TRUE(CreateFolders(folder_ / "out/sub", 0700));
  ASSERT_TRUE(WriteFileAtomically(folder_ / "out/sub/a", AsBytes("A")));
  fs::create_symlink("sub/a", folder_ / "out/link");
  const auto folder = DigestOutput(folder_ / "out");
  ASSERT_TRUE(folder);
  EXPECT_EQ(std::get<verify::FolderDigests>(*folder),
            (verify::FolderDigests{{"sub/a", Sha256Of(AsBytes("A"))}}));
  EXPECT_EQ(std::get<Sha256Digest>(*DigestOutput(folder_ / "out/link")), Sha256Of(AsBytes("A")));
  EXPECT_FALSE(DigestOutput(folder_ / "none"));
}

TEST(CanBeReplayedTest, OnlyAValidReceiptIsRunAgain) {
  for (const receipt::Verdict verdict : receipt::AllVerdicts()) {
    verify::Verification verification;
    verification.verdict = verdict;
    EXPECT_EQ(CanBeReplayed(verification), verdict == receipt::Verdict::kValid);
    const bool legacy = verdict == receipt::Verdict::kValidLegacyUnbound;
    EXPECT_EQ(verification.verdict, legacy ? receipt::Verdict::kReplayImpossible : verdict);
  }
}

}  // namespace
}  // namespace plasm::client
