#include "tlog/fsck.h"

#include <gtest/gtest.h>

#include "tlog/log_writer.h"
#include "tlog/testing/entries.h"
#include "tlog/testing/keys.h"
#include "tlog/testing/memory_storage.h"

namespace plasm::tlog {
namespace {

using ::testing::Test;

const std::string kOrigin = "plasm.invalid/log";

class FsckTest : public Test {
 protected:
  FsckTest() {
    auto log = LogWriter::Create(storage_, kOrigin, key_);
    EXPECT_TRUE(testing::AppendEntries(*log, 0, 66'000));
  }
  std::string Wrong() {
    const auto checked = Fsck(storage_, verifier_);
    EXPECT_FALSE(checked);
    if (checked) return "nothing is wrong";
    EXPECT_EQ(checked.error().code, ErrorCode::kCorrupt);
    return checked.error().message;
  }

  crypto::SigningKey key_ = testing::Key(1);
  VerifierKey verifier_ = LogVerifierKey(kOrigin, key_.public_key());
  testing::MemoryStorage storage_;
};

TEST_F(FsckTest, AcceptsASoundLogAndTellsItsProgress) {
  std::uint64_t last = 0;
  const auto checked = Fsck(storage_, verifier_, [&](std::uint64_t done, std::uint64_t all) {
    EXPECT_GE(done, last);
    EXPECT_EQ(all, 66'000U);
    last = done;
  });
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_EQ(checked->checkpoint.head.size, 66'000U);
  EXPECT_EQ(last, 66'000U);
}

TEST_F(FsckTest, NamesTheFirstResourceThatIsWrong) {
  const auto intact = storage_.resources;
  for (const std::string path : {"tile/0/000", "tile/0/255", "tile/0/257.p/208", "tile/1/000",
                                 "tile/1/001.p/1", "tile/2/000.p/1"}) {
    for (const bool missing : {false, true}) {
      storage_.resources = intact;
      if (missing) {
        storage_.resources.erase(path);
      } else {
        storage_.resources.at(path)[3] ^= std::byte{1};
      }
      storage_.resources.at("tile/entries/257.p/208")[3] ^= std::byte{1};  // comes later
      if (path == "tile/0/257.p/208" || path == "tile/1/001.p/1" || path == "tile/2/000.p/1") {
        storage_.resources.at("tile/entries/257.p/208")[3] ^= std::byte{1};
      }
      EXPECT_TRUE(Wrong().starts_with(path + ": ")) << Wrong();
    }
  }
}

TEST_F(FsckTest, NoticesABundleThatDoesNotMatchItsTile) {
  storage_.resources.at("tile/entries/003")[2] ^= std::byte{1};
  EXPECT_EQ(Wrong(), "tile/0/003: hash 0 is not that of the entry");
  storage_.resources.at("tile/entries/003")[1] ^= std::byte{1};  // a length
  EXPECT_TRUE(Wrong().starts_with("tile/entries/003: "));
  storage_.resources.erase("tile/entries/003");
  EXPECT_EQ(Wrong(), "tile/entries/003: missing");
}

TEST_F(FsckTest, NoticesAPartialTileOfTheWrongWidth) {
  storage_.resources.at("tile/0/257.p/208").resize(207 * 32);
  EXPECT_TRUE(Wrong().starts_with("tile/0/257.p/208: "));
}

TEST_F(FsckTest, NoticesACheckpointWithAnotherRootOrSignature) {
  const auto intact = storage_.resources.at("checkpoint");
  SignedCheckpoint other = *SignedCheckpoint::Parse(intact);
  other.checkpoint.head.root.bytes[0] ^= std::byte{1};
  const std::string text = SignCheckpoint(other.checkpoint, key_).Serialize();
  storage_.resources["checkpoint"] = Bytes(AsBytes(text).begin(), AsBytes(text).end());
  EXPECT_EQ(Wrong(), "checkpoint: its root is not that of the entries");
  storage_.resources["checkpoint"] = intact;
  verifier_ = LogVerifierKey(kOrigin, testing::Key(2).public_key());
  EXPECT_TRUE(Wrong().starts_with("checkpoint: "));
  storage_.resources.erase("checkpoint");
  EXPECT_EQ(Wrong(), "checkpoint: missing");
}

}  // namespace
}  // namespace plasm::tlog
