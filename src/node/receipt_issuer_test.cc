#include "node/receipt_issuer.h"

#include <gtest/gtest.h>

#include "crypto/public_key_text.h"
#include "node/testing/ended_job.h"
#include "receipt/agreement.h"
#include "receipt/receipt_v2.h"

namespace plasm::node {
namespace {

using receipt::Signing;
using receipt::testing::ExampleKey;

class ReceiptIssuerTest : public ::testing::Test {
 protected:
  ReceiptIssuer Issuer(Signing signing) const {
    return ReceiptIssuer({.identity = crypto::Fingerprint(ExampleKey(1).public_key()),
                          .signing = signing,
                          .origin = "plasm.invalid/log",
                          .boot = "7d444840-9dc0-41d1-b245-5ffdce74fad2"},
                         key_);
  }
  static receipt::ReceiptV2 Read(const IssuedReceipt& issued) {
    auto read = receipt::ParseReceiptV2(AsBytes(receipt::SerializeEnvelope(issued.envelope)));
    EXPECT_TRUE(read) << read.error().message;
    return *std::move(read);
  }

  const crypto::SigningKey key_ = ExampleKey(2);
  testing::ExampleRun example_;
};

TEST_F(ReceiptIssuerTest, StatesTheManifestTheRunAndTheNode) {
  ReceiptIssuer issuer = Issuer(Signing::kEach);
  const EndedJob job = example_.Job();
  const auto issued = issuer.Issue(job);
  ASSERT_TRUE(issued);
  const receipt::Statement statement = Read(*issued).statement;
  EXPECT_TRUE(receipt::CheckAgreement(statement));
  EXPECT_TRUE(receipt::CheckAgainstManifest(statement, job.manifest_digest, job.manifest));
  EXPECT_EQ(statement.job.id, job.id);
  EXPECT_EQ(statement.runtime, job.runtime);
  EXPECT_EQ(statement.result, example_.run.outcome);
  EXPECT_EQ(statement.stdout_subject, example_.run.stdout_subject);
  EXPECT_EQ(statement.observed,
            (receipt::Observed{.start = job.start, .end = job.end, .wall_time_ns = 9}));
  EXPECT_EQ(statement.node,
            (receipt::Answerer{.identity = crypto::Fingerprint(ExampleKey(1).public_key()),
                               .key = crypto::Fingerprint(key_.public_key()),
                               .signing = Signing::kEach,
                               .log = "plasm.invalid/log",
                               .boot = "7d444840-9dc0-41d1-b245-5ffdce74fad2",
                               .sequence = 0}));
}

TEST_F(ReceiptIssuerTest, SignsEachOrLeavesItToTheLog) {
  ReceiptIssuer each = Issuer(Signing::kEach);
  const auto alone = each.Issue(example_.Job());
  ASSERT_TRUE(alone);
  const receipt::Envelope& envelope = alone->envelope;
  ASSERT_EQ(envelope.signatures.size(), 1u);
  EXPECT_TRUE(receipt::VerifyEnvelope(envelope, key_.public_key()));
  ReceiptIssuer batch = Issuer(Signing::kBatch);
  EXPECT_TRUE(Read(*batch.Issue(example_.Job())).envelope.signatures.empty());
}

TEST_F(ReceiptIssuerTest, TheLogsEntryNamesWhatWasSigned) {
  ReceiptIssuer issuer = Issuer(Signing::kEach);
  const auto issued = issuer.Issue(example_.Job());
  EXPECT_EQ(issued->log_entry,
            receipt::LogEntry(receipt::LeafReceiptDigest(issued->envelope.payload)));
}

TEST_F(ReceiptIssuerTest, NumbersTheReceiptsOfABoot) {
  ReceiptIssuer issuer = Issuer(Signing::kEach);
  for (const std::uint64_t number : {0u, 1u, 2u}) {
    EXPECT_EQ(Read(*issuer.Issue(example_.Job())).statement.node.sequence, number);
  }
}

TEST_F(ReceiptIssuerTest, AReceiptHasNothingOfTheOneBefore) {
  testing::ExampleRun other;
  other.manifest = {};
  other.manifest.profile = receipt::Profile::kLive;  // no result digest
  other.run = execution::RejectedRun("no such import");
  ReceiptIssuer busy = Issuer(Signing::kEach);
  example_.run.files = {{"/out/file", {}}};
  ASSERT_TRUE(busy.Issue(example_.Job()));
  receipt::Statement second = Read(*busy.Issue(other.Job())).statement;
  EXPECT_EQ(second.node.sequence, 1u);
  second.node.sequence = 0;
  ReceiptIssuer fresh = Issuer(Signing::kEach);
  EXPECT_EQ(second, Read(*fresh.Issue(other.Job())).statement);
}

TEST_F(ReceiptIssuerTest, OneThatNoReaderWouldTakeIsRefusedAndHasNoNumber) {
  const auto files = [this](std::size_t count) {
    example_.run.files.clear();
    for (std::size_t i = 0; i < count; ++i) {
      example_.run.files.push_back({"/out/" + std::to_string(1'000'000 + i), {}});
    }
  };
  ReceiptIssuer issuer = Issuer(Signing::kEach);
  files(100'000);
  const auto refused = issuer.Issue(example_.Job());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  files(60'000);
  const auto issued = issuer.Issue(example_.Job());
  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(Read(*issued).statement.node.sequence, 0u);
}

}  // namespace
}  // namespace plasm::node
