#include "tlog/checkpoint.h"

#include <gtest/gtest.h>

#include "tlog/testing/keys.h"

namespace plasm::tlog {
namespace {

const std::string kRoot = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

TEST(CheckpointTest, ReadsThePublishedExample) {
  const std::string text = "example.com/behind-the-sofa\n20852163\n" + kRoot + "\n";
  const auto read = Checkpoint::FromText(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->origin, "example.com/behind-the-sofa");
  EXPECT_EQ(read->head.size, 20'852'163U);
  EXPECT_TRUE(read->extensions.empty());
  EXPECT_EQ(read->Text(), text);
}

TEST(CheckpointTest, KeepsExtensionLines) {
  const std::string text = "o\n0\n" + kRoot + "\nfirst\nsecond line\n";
  const auto read = Checkpoint::FromText(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->extensions, (std::vector<std::string>{"first", "second line"}));
  EXPECT_EQ(read->Text(), text);
}

TEST(CheckpointTest, RefusesOtherForms) {
  for (const std::string& bad : {
           std::string(),
           std::string("o\n"),
           std::string("o\n1\n"),
           "o\n1\n" + kRoot,
           "\n1\n" + kRoot + "\n",
           "o\n\n" + kRoot + "\n",
           "o\n01\n" + kRoot + "\n",
           "o\n+1\n" + kRoot + "\n",
           "o\n-1\n" + kRoot + "\n",
           "o\n1 \n" + kRoot + "\n",
           "o\n0x1\n" + kRoot + "\n",
           "o\n9223372036854775808\n" + kRoot + "\n",
           "o\n18446744073709551616\n" + kRoot + "\n",
           "o\n1\n" + kRoot.substr(4) + "\n",
           "o\n1\n" + kRoot.substr(0, 43) + "\n",
           "o\n1\n" + kRoot + "\n\n",
           "o\n1\n" + kRoot + "\n\nextension\n",
       }) {
    EXPECT_FALSE(Checkpoint::FromText(bad)) << bad;
  }
  EXPECT_TRUE(Checkpoint::FromText("o\n9223372036854775807\n" + kRoot + "\n"));
}

TEST(CheckpointTest, IsSignedUnderItsOrigin) {
  const auto key = testing::Key(1);
  const SignedCheckpoint made = SignCheckpoint({"plasm.invalid/0", {0, EmptyRoot()}, {}}, key);
  const auto read = SignedCheckpoint::Parse(AsBytes(made.Serialize()));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, made);
  EXPECT_TRUE(
      VerifyNote(read->note, std::vector{LogVerifierKey("plasm.invalid/0", key.public_key())}));
  EXPECT_FALSE(
      VerifyNote(read->note, std::vector{LogVerifierKey("plasm.invalid/1", key.public_key())}));
}

}  // namespace
}  // namespace plasm::tlog
