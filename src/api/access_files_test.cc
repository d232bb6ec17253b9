#include "api/access_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <vector>

#include "base/testing/fixed_clock.h"
#include "base/testing/temp_folder.h"

namespace plasm::api {
namespace {

using ::testing::HasSubstr;

class AccessFilesTest : public ::testing::Test {
 protected:
  void Write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path) << text;
    chmod(path.c_str(), 0600);
  }

  AuthorizedClient Client(const std::string& name, const std::string& identity) {
    auto client = ClientWithIdentity(identity);
    client->name = name;
    return *client;
  }

  Result<LiveAccess> Open() {
    return LiveAccess::Open(files_, clock_,
                            [this](const Error& error) { reports_.push_back(error.message); });
  }
  void SecondPasses() { clock_.slept_ns += 1'000'000'000; }

  testing::TempFolder folder_;
  testing::FixedClock clock_;
  AccessFiles files_{folder_.path()};
  std::vector<std::string> reports_;
};

TEST_F(AccessFilesTest, NobodyIsInFilesThatAreMissing) {
  EXPECT_TRUE(files_.Clients()->Entries().empty());
  EXPECT_TRUE(files_.ReadTokens()->Entries().empty());
  EXPECT_EQ(files_.RemoveClient("a").error().code, ErrorCode::kNotFound);
}

TEST_F(AccessFilesTest, ChangesAreReadBackAndKeepComments) {
  Write(files_.ClientsPath(), "# ours\n");
  ASSERT_TRUE(files_.AddClient(Client("a", "uid:1")));
  ASSERT_TRUE(files_.AddClient(Client("b", "uid:2")));
  ASSERT_TRUE(files_.RemoveClient("a"));
  EXPECT_EQ(files_.Clients()->Serialize(), "# ours\nb uid:2\n");
  ASSERT_TRUE(files_.AddToken({"ci", Sha256Of({}), {.jobs = true}, {}}));
  EXPECT_EQ(files_.AddToken({"ci", {}, {.jobs = true}, {}}).error().code, ErrorCode::kConflict);
  ASSERT_TRUE(files_.RemoveToken("ci"));
  EXPECT_TRUE(files_.ReadTokens()->Entries().empty());
  struct stat info{};
  ASSERT_EQ(stat(files_.TokensPath().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(AccessFilesTest, RefusesAFileThatOthersCanWrite) {
  Write(files_.ClientsPath(), "a uid:1\n");
  chmod(files_.ClientsPath().c_str(), 0620);
  EXPECT_EQ(files_.Clients().error().code, ErrorCode::kDenied);
  EXPECT_EQ(files_.AddClient(Client("b", "uid:2")).error().code, ErrorCode::kDenied);
  EXPECT_FALSE(Open());
}

TEST_F(AccessFilesTest, ARunningNodeSeesChangesWithinASecond) {
  auto live = Open();
  ASSERT_TRUE(live);
  EXPECT_EQ(live->Current().clients.FindByName("a"), nullptr);
  ASSERT_TRUE(files_.AddClient(Client("a", "uid:1")));
  EXPECT_EQ(live->Current().clients.FindByName("a"), nullptr);  // it does not look all the time
  SecondPasses();
  EXPECT_NE(live->Current().clients.FindByName("a"), nullptr);
  ASSERT_TRUE(files_.RemoveClient("a"));
  live->Reload();
  EXPECT_EQ(live->Current().clients.FindByName("a"), nullptr);
}

TEST_F(AccessFilesTest, AFileThatIsRemovedLetsNobodyInAnyMore) {
  ASSERT_TRUE(files_.AddClient(Client("a", "uid:1")));
  auto live = Open();
  ASSERT_TRUE(live);
  EXPECT_NE(live->Current().clients.FindByName("a"), nullptr);
  std::filesystem::remove(files_.ClientsPath());
  SecondPasses();
  EXPECT_EQ(live->Current().clients.FindByName("a"), nullptr);
  EXPECT_TRUE(reports_.empty());
}

TEST_F(AccessFilesTest, ABrokenFileLeavesInForceWhatItSaidAndIsReportedOnce) {
  ASSERT_TRUE(files_.AddClient(Client("a", "uid:1")));
  auto live = Open();
  ASSERT_TRUE(live);
  Write(files_.ClientsPath(), "a uid:1\nb nonsense\n");
  SecondPasses();
  EXPECT_NE(live->Current().clients.FindByName("a"), nullptr);
  SecondPasses();
  static_cast<void>(live->Current());
  ASSERT_EQ(reports_.size(), 1u);
  EXPECT_THAT(reports_[0], ::testing::AllOf(HasSubstr(files_.ClientsPath().string()),
                                            HasSubstr("line 2"), HasSubstr("nonsense")));
  // The other file is not held up by it.
  ASSERT_TRUE(files_.AddToken({"ci", Sha256Of({}), {.jobs = true}, {}}));
  SecondPasses();
  EXPECT_NE(live->Current().tokens.FindByName("ci"), nullptr);
}

}  // namespace
}  // namespace plasm::api
