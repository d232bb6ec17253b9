#include "worker/supervisor/output_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fstream>
#include <optional>
#include <set>
#include <string>

#include "base/file.h"
#include "base/testing/temp_folder.h"

namespace plasm::worker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

FileMessage File(std::string path, std::uint64_t size, std::uint32_t output = 0) {
  return {1, output, EntryKind::kFile, std::move(path), size};
}
FileMessage Folder(std::string path) { return {1, 0, EntryKind::kDirectory, std::move(path), 0}; }

std::string Contents(const fs::path& path) {
  const auto bytes = ReadFile(path, 1 << 24);
  return bytes ? std::string(AsText(*bytes)) : "<" + bytes.error().message + ">";
}

std::set<std::string> Names(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

TEST(OutputWriterTest, WritesAFileInPiecesThatShowsOnlyWhole) {
  const plasm::testing::TempFolder folder;
  OutputWriter writer({folder / "out"});
  ASSERT_TRUE(writer.Begin(File("", 6)));
  ASSERT_TRUE(writer.Write(AsBytes("abc")));
  EXPECT_FALSE(fs::exists(folder / "out"));
  ASSERT_TRUE(writer.Write(AsBytes("def")));
  EXPECT_EQ(Contents(folder / "out"), "abcdef");
  EXPECT_THAT(Names(folder.path()), ElementsAre("out"));
}

TEST(OutputWriterTest, WritesAnEmptyFile) {
  const plasm::testing::TempFolder folder;
  OutputWriter writer({folder / "out"});
  ASSERT_TRUE(writer.Begin(File("", 0)));
  EXPECT_EQ(Contents(folder / "out"), "");
  EXPECT_THAT(Names(folder.path()), ElementsAre("out"));
}

TEST(OutputWriterTest, FilesHaveTheModeThatTheUserAskedOfAllNewFiles) {
  const plasm::testing::TempFolder folder;
  const mode_t mask = umask(027);
  OutputWriter writer({folder / "out"});
  EXPECT_TRUE(writer.Begin(File("", 0)));
  umask(mask);
  struct stat status{};
  ASSERT_EQ(stat((folder / "out").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640u);
}

TEST(OutputWriterTest, FillsFoldersAndCreatesThoseAbove) {
  const plasm::testing::TempFolder folder;
  fs::create_directories(folder / "a" / "tree");
  std::ofstream(folder / "a" / "tree" / "kept") << "kept";
  std::ofstream(folder / "a" / "tree" / "replaced") << "old and longer";
  OutputWriter writer({folder / "a" / "tree", folder / "new" / "deep" / "file"});
  ASSERT_TRUE(writer.Begin(Folder("")));
  ASSERT_TRUE(writer.Begin(Folder("empty")));
  ASSERT_TRUE(writer.Begin(File("replaced", 3)));
  ASSERT_TRUE(writer.Write(AsBytes("new")));
  ASSERT_TRUE(writer.Begin(File("sub/file", 1)));
  ASSERT_TRUE(writer.Write(AsBytes("x")));
  ASSERT_TRUE(writer.Begin(File("", 2, 1)));
  ASSERT_TRUE(writer.Write(AsBytes("yz")));
  EXPECT_THAT(Names(folder / "a" / "tree"), ElementsAre("empty", "kept", "replaced", "sub"));
  EXPECT_EQ(Contents(folder / "a" / "tree" / "kept"), "kept");
  EXPECT_EQ(Contents(folder / "a" / "tree" / "replaced"), "new");
  EXPECT_EQ(Contents(folder / "a" / "tree" / "sub" / "file"), "x");
  EXPECT_EQ(Contents(folder / "new" / "deep" / "file"), "yz");
}

TEST(OutputWriterTest, AFileThatNeverBecameWholeLeavesWhatWasThere) {
  const plasm::testing::TempFolder folder;
  std::ofstream(folder / "out") << "old";
  {
    OutputWriter writer({folder / "out"});
    ASSERT_TRUE(writer.Begin(File("", 6)));
    ASSERT_TRUE(writer.Write(AsBytes("abc")));
    EXPECT_EQ(Contents(folder / "out"), "old");
  }
  EXPECT_EQ(Contents(folder / "out"), "old");
  EXPECT_THAT(Names(folder.path()), ElementsAre("out"));
}

TEST(OutputWriterTest, AFailedWriteLeavesNothing) {
  const plasm::testing::TempFolder folder;
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  {
    OutputWriter writer({folder / "out"});
    EXPECT_TRUE(writer.Begin(File("", 5000)));
    const auto written = writer.Write(AsBytes(std::string(5000, 'x')));
    EXPECT_THAT(written ? "" : written.error().message, HasSubstr((folder / "out").string()));
  }
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, handler);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(OutputWriterTest, ALinkPlantedAtTheTemporaryNameIsNotFollowed) {
  const plasm::testing::TempFolder folder;
  std::ofstream(folder / "victim") << "precious";
  fs::create_symlink(folder / "victim", folder / "out.plasm-partial");
  OutputWriter writer({folder / "out"});
  ASSERT_TRUE(writer.Begin(File("", 3)));
  ASSERT_TRUE(writer.Write(AsBytes("abc")));
  EXPECT_EQ(Contents(folder / "victim"), "precious");
  EXPECT_EQ(Contents(folder / "out"), "abc");
}

TEST(OutputWriterTest, ALinkAtTheDestinationIsReplacedAndItsTargetKept) {
  const plasm::testing::TempFolder folder;
  std::ofstream(folder / "victim") << "precious";
  fs::create_symlink("victim", folder / "out");
  OutputWriter writer({folder / "out"});
  ASSERT_TRUE(writer.Begin(File("", 3)));
  ASSERT_TRUE(writer.Write(AsBytes("abc")));
  EXPECT_EQ(Contents(folder / "victim"), "precious");
  EXPECT_FALSE(fs::is_symlink(folder / "out"));
}

TEST(OutputWriterTest, AFolderInTheWayIsAnErrorThatNamesIt) {
  const plasm::testing::TempFolder folder;
  fs::create_directory(folder / "out");
  {
    OutputWriter writer({folder / "out"});
    ASSERT_TRUE(writer.Begin(File("", 3)));
    const auto written = writer.Write(AsBytes("abc"));
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().message, HasSubstr((folder / "out").string()));
  }
  EXPECT_THAT(Names(folder.path()), ElementsAre("out"));
}

TEST(OutputWriterTest, AFileInTheWayOfAFolderIsAnErrorThatNamesIt) {
  const plasm::testing::TempFolder folder;
  std::ofstream(folder / "a") << "x";
  OutputWriter writer({folder / "a" / "b"});
  const auto begun = writer.Begin(File("", 3));
  ASSERT_FALSE(begun);
  EXPECT_THAT(begun.error().message, HasSubstr((folder / "a").string()));
  EXPECT_EQ(Contents(folder / "a"), "x");
}

TEST(OutputWriterTest, NamesOfTheGreatestLengthAreWritten) {
  const plasm::testing::TempFolder folder;
  OutputWriter writer({folder.path()});
  const std::string name(255, 'n');
  const auto begun = writer.Begin(File(name, 3));
  ASSERT_TRUE(begun) << begun.error().message;
  ASSERT_TRUE(writer.Write(AsBytes("abc")));
  EXPECT_EQ(Contents(folder / name), "abc");
  EXPECT_THAT(Names(folder.path()), ElementsAre(name));
}

}  // namespace
}  // namespace plasm::worker
