#include "node/local_node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/testing/fixed_clock.h"
#include "base/testing/fixed_entropy.h"
#include "base/testing/temp_folder.h"
#include "node/testing/ended_job.h"
#include "receipt/receipt_v2.h"
#include "tlog/checkpoint.h"
#include "tlog/proof_file.h"

namespace plasm::node {
namespace {

namespace fs = std::filesystem;
using receipt::Signing;
using ::testing::HasSubstr;

tlog::ProofFile ProofOf(const LoggedReceipt& receipt) {
  return tlog::ProofFile::Parse(AsBytes(receipt.proof)).value();
}

class LocalNodeTest : public ::testing::Test {
 protected:
  Result<LocalNode> Open(Signing signing = Signing::kEach) {
    return LocalNode::Open(folder_.path(), "48.0.8", signing, clock_, entropy_);
  }
  LoggedReceipt Issue(LocalNode& node) {
    auto issued = node.Issue(example_.Job());
    EXPECT_TRUE(issued) << issued.error().message;
    return *std::move(issued);
  }

  testing::ExampleRun example_;
  plasm::testing::TempFolder folder_;
  plasm::testing::FixedEntropy entropy_;
  plasm::testing::FixedClock clock_;
};

TEST_F(LocalNodeTest, ReceiptsAreInTheLogThatTheCardNames) {
  auto node = Open();
  ASSERT_TRUE(node) << node.error().message;
  const LoggedReceipt first = Issue(*node);
  const LoggedReceipt second = Issue(*node);
  EXPECT_EQ(ProofOf(first).index, 0u);
  const tlog::ProofFile proof = ProofOf(second);
  EXPECT_EQ(proof.index, 1u);
  const trust::NodeKey& log = node->card().card.keys.at(1);
  const auto signed_by_log = tlog::LogVerifierKey(log.origin, log.key);
  EXPECT_EQ(proof.checkpoint.checkpoint.origin, log.origin);
  EXPECT_EQ(proof.checkpoint.checkpoint.head.size, 2u);
  EXPECT_EQ(proof.checkpoint.note.signatures.at(0).name, signed_by_log.name);
  const auto statement = receipt::ParseStatement(first.envelope.payload);
  EXPECT_EQ(statement->node.log, log.origin);
}

TEST_F(LocalNodeTest, GoesOnTomorrowWithTheSameCardAndAnotherBoot) {
  auto today = Open();
  const LoggedReceipt before = Issue(*today);
  auto tomorrow = Open();
  ASSERT_TRUE(tomorrow);
  EXPECT_EQ(tomorrow->card().envelope, today->card().envelope);
  const LoggedReceipt after = Issue(*tomorrow);
  EXPECT_EQ(ProofOf(after).index, 1u);
  EXPECT_NE(receipt::ParseStatement(after.envelope.payload)->node.boot,
            receipt::ParseStatement(before.envelope.payload)->node.boot);
}

TEST_F(LocalNodeTest, BatchReceiptsNameTheLogsKey) {
  auto node = Open(Signing::kBatch);
  ASSERT_TRUE(node);
  const LoggedReceipt receipt = Issue(*node);
  EXPECT_TRUE(receipt.envelope.signatures.empty());
  EXPECT_EQ(receipt::ParseStatement(receipt.envelope.payload)->node.signing, Signing::kBatch);
}

TEST_F(LocalNodeTest, ALogThatIsLostIsNotBegunAgain) {
  {
    auto node = Open();
    Issue(*node);
  }
  fs::remove_all(LogFolder(folder_.path(), 1));
  auto node = Open();
  ASSERT_TRUE(node);
  const auto issued = node->Issue(example_.Job());
  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(issued.error().message, HasSubstr("log.key"));
  // The remedy that it names: another key, another log.
  fs::rename(LogKeyPath(folder_.path()), folder_ / "log.key.lost");
  auto again = Open();
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(ProofOf(Issue(*again)).checkpoint.checkpoint.origin,
            LogOrigin(again->card().card.identity, 2));
}

TEST_F(LocalNodeTest, ACardThatIsLostIsNotBegunAgainOnceThereAreReceipts) {
  {
    auto node = Open();
    ASSERT_TRUE(node);
    fs::remove(folder_ / "card.json");
    ASSERT_TRUE(Open());  // nobody has needed it yet
    Issue(*node);
  }
  fs::remove(folder_ / "card.json");
  const auto node = Open();
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(node.error().message, HasSubstr("Restore it"));
}

}  // namespace
}  // namespace plasm::node
