#include "execution/kept_results.h"

#include <gtest/gtest.h>

#include "base/testing/temp_folder.h"
#include "execution/testing/contents.h"

namespace plasm::execution {
namespace {

using testing::DigestOf;
using worker::Stream;

class KeptResultsTest : public ::testing::Test {
 protected:
  std::string Kept(const std::string& contents) const {
    const auto bytes = ReadContent(store_, DigestOf(contents), 100);
    return bytes ? std::string(AsText(*bytes)) : "not there";
  }

  plasm::testing::TempFolder folder_;
  BlobStore store_{folder_ / "blobs"};
  testing::RecordedEvents events_;
  KeptResults results_{events_, store_};
};

TEST_F(KeptResultsTest, KeepsStreamsAndFilesUnderTheirDigests) {
  results_.OnOutput(Stream::kStdout, AsBytes("on"));
  results_.OnOutput(Stream::kStderr, AsBytes("two"));
  results_.OnOutput(Stream::kStdout, AsBytes("e"));
  testing::Send(results_, 0, "a", "a file");
  testing::Send(results_, 0, "b", "");
  testing::Send(results_, 0, "c", "another");
  ASSERT_TRUE(results_.Finish());
  for (const std::string contents : {"one", "two", "a file", "", "another"}) {
    EXPECT_EQ(Kept(contents), contents);
  }
}

TEST_F(KeptResultsTest, HandsEverythingOn) {
  results_.OnOutput(Stream::kStdout, AsBytes("x"));
  ASSERT_TRUE(results_.OnFile(testing::Folder(0, "f")));
  testing::Send(results_, 0, "f/a", "A");
  testing::Send(results_, 0, "f/b", "");
  results_.OnWritable();
  results_.OnEnded({});
  EXPECT_EQ(events_.text, "out x\nfile f\nfile f/a\ndata A\nfile f/b\nwritable\nended\n");
  events_.blocked_on = 7;
  EXPECT_EQ(results_.BlockedOn(), 7);
}

TEST_F(KeptResultsTest, AStoreThatCannotBeWrittenIsSaidAtTheEndAndStopsNothing) {
  const BlobStore broken("/dev/null/blobs");
  KeptResults results(events_, broken);
  results.OnOutput(Stream::kStdout, AsBytes("x"));
  testing::Send(results, 0, "a", "A");
  EXPECT_FALSE(results.Finish());
  EXPECT_EQ(events_.text, "out x\nfile a\ndata A\n");
}

}  // namespace
}  // namespace plasm::execution
