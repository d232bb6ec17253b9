#include "home/job_files.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/testing/temp_folder.h"
#include "home/receipt_files.h"

namespace plasm::home {
namespace {

const std::string kJob = "job-1b4e28ba-2fa1-41d2-883f-0016d3cca427";

class JobFilesTest : public ::testing::Test {
 protected:
  plasm::testing::TempFolder folder_;
  DataFolder data_ = *DataFolder::Locate(folder_.path());
};

TEST_F(JobFilesTest, WhatWasSentIsFoundAgain) {
  const JobFiles files(data_, kJob);
  ASSERT_TRUE(files.RecordRequest(AsBytes("{}"), "host"));
  EXPECT_EQ(**JobFiles(data_, kJob).Node(), "host");
  EXPECT_EQ(AsText(**JobFiles(data_, kJob).Manifest()), "{}");
}

TEST_F(JobFilesTest, NothingIsKnownOfAJobFromElsewhere) {
  EXPECT_FALSE(JobFiles(data_, kJob).Node()->has_value());
  EXPECT_FALSE(JobFiles(data_, kJob).Manifest()->has_value());
}

TEST_F(JobFilesTest, ATextThatIsNoJobIdReachesNoFile) {
  ASSERT_TRUE(WriteFileAtomically(folder_ / "secret.node", AsBytes("host")));
  EXPECT_FALSE(JobFiles(data_, "../secret").Node()->has_value());
  EXPECT_EQ(JobFiles(data_, "../secret").receipt(), "");
}

TEST_F(JobFilesTest, ProofAndManifestStandBesideTheReceipt) {
  const auto file = folder_ / "r.json";
  ASSERT_TRUE(WriteReceiptFiles(
      {.receipt = AsBytes("r"), .proof = AsBytes("p"), .manifest = AsBytes("m")}, file));
  EXPECT_EQ(AsText(*ReadFile(file, 10)), "r");
  EXPECT_EQ(AsText(*ReadFile(ProofFileOf(file), 10)), "p");
  EXPECT_EQ(AsText(*ReadFile(ManifestFileOf(file), 10)), "m");
}

}  // namespace
}  // namespace plasm::home
