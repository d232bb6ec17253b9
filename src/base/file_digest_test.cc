#include "base/file_digest.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <string>

#include "base/bytes.h"
#include "base/file.h"
#include "base/testing/temp_folder.h"
#include "base/unique_fd.h"

namespace plasm {
namespace {

class DigestDescriptorTest : public ::testing::Test {
 protected:
  UniqueFd Holding(const std::string& text) {
    EXPECT_TRUE(WriteFileAtomically(folder_ / "file", AsBytes(text)));
    return UniqueFd(open((folder_ / "file").c_str(), O_RDONLY | O_CLOEXEC));
  }

  testing::TempFolder folder_;
};

TEST_F(DigestDescriptorTest, IsTheDigestOfEveryByteToTheEnd) {
  for (const std::size_t size : {0u, 1u, 262'144u, 262'145u, 1'000'000u}) {
    const std::string text(size, 'x');
    const auto taken = DigestDescriptor(Holding(text).get(), "file");
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->bytes, size);
    EXPECT_EQ(taken->digest, Sha256Of(AsBytes(text)));
  }
}

TEST_F(DigestDescriptorTest, StopsBeyondTheLimitAndNamesTheFile) {
  EXPECT_TRUE(DigestDescriptor(Holding("12345").get(), "file", 5));
  const auto taken = DigestDescriptor(Holding("12345").get(), "the file", 4);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(taken.error().message, "the file: more than 4 bytes");
}

TEST_F(DigestDescriptorTest, AFolderCannotBeRead) {
  const UniqueFd fd(open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  EXPECT_FALSE(DigestDescriptor(fd.get(), "folder"));
}

}  // namespace
}  // namespace plasm
