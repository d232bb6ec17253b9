#include "wasi/file_tree.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wasi/testing/guest.h"

namespace plasm::wasi {
namespace {

PreopenId Root(FileTree& tree, std::string path = "/") {
  auto root = tree.AddPreopen(std::move(path));
  EXPECT_TRUE(root);
  return *root;
}

template <class T>
ErrorCode CodeOf(const Result<T>& result) {
  EXPECT_FALSE(result);
  return result.error().code;
}

TEST(FileTreeTest, HoldsWhatWasAdded) {
  FileTree tree;
  const PreopenId root = Root(tree);
  ASSERT_TRUE(tree.AddFile(root, "a/b/c.txt", AsBytes("hello")));
  ASSERT_TRUE(tree.AddDirectory(root, "a/empty"));
  ASSERT_TRUE(tree.AddSymlink(root, "a/link", "b/c.txt"));
  const auto file = tree.Find("/a/b/c.txt", FinalLink::kKeep);
  ASSERT_TRUE(file);
  EXPECT_EQ(tree.TypeOf(*file), Filetype::kRegularFile);
  EXPECT_EQ(AsText(tree.Contents(*file)), "hello");
  const auto link = tree.Find("/a/link", FinalLink::kKeep);
  ASSERT_TRUE(link);
  EXPECT_EQ(tree.TypeOf(*link), Filetype::kSymbolicLink);
  EXPECT_EQ(tree.LinkTarget(*link), "b/c.txt");
  EXPECT_EQ(*tree.Find("/a/link", FinalLink::kFollow), *file);
  std::vector<std::string> names;
  for (const auto& listed : tree.List(*tree.Find("/a", FinalLink::kKeep))) {
    names.emplace_back(listed.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"b", "empty", "link"}));
}

TEST(FileTreeTest, RefusesPathsThatAreNotPlain) {
  FileTree tree;
  const PreopenId root = Root(tree);
  const std::string long_name(256, 'n');
  std::string deep = "d";
  for (std::size_t i = 0; i < FileTree::kMaxInputDepth; ++i) deep += "/d";
  const std::string long_path(FileTree::kMaxPathBytes + 1, 'p');
  for (const std::string& path :
       {std::string(), std::string("/a"), std::string("a//b"), std::string("a/"),
        std::string("./a"), std::string("a/../b"), std::string("a\0b", 3), std::string("\xff"),
        long_name, deep, long_path}) {
    EXPECT_EQ(CodeOf(tree.AddFile(root, path, {})), ErrorCode::kInvalid) << path;
    EXPECT_EQ(CodeOf(tree.AddDirectory(root, path)), ErrorCode::kInvalid) << path;
    EXPECT_EQ(CodeOf(tree.AddSymlink(root, path, "x")), ErrorCode::kInvalid) << path;
  }
  EXPECT_TRUE(tree.List(tree.preopen_root(0)).empty());
}

TEST(FileTreeTest, RefusesASecondEntryOfTheSameName) {
  FileTree tree;
  const PreopenId root = Root(tree);
  ASSERT_TRUE(tree.AddFile(root, "a", {}));
  EXPECT_EQ(CodeOf(tree.AddFile(root, "a", {})), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(tree.AddDirectory(root, "a")), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(tree.AddSymlink(root, "a", "b")), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(tree.AddFile(root, "a/b", {})), ErrorCode::kConflict);
  ASSERT_TRUE(tree.AddDirectory(root, "d"));
  EXPECT_TRUE(tree.AddDirectory(root, "d"));
}

TEST(FileTreeTest, RefusesAGuestPathMountedTwice) {
  FileTree tree;
  Root(tree, "/data");
  EXPECT_EQ(CodeOf(tree.AddPreopen("/data/")), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(tree.AddPreopen("")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(tree.AddFile(PreopenId{7}, "a", {})), ErrorCode::kNotFound);
}

TEST(FileTreeTest, FindsBelowTheLongestPreopenedPath) {
  FileTree tree;
  const PreopenId root = Root(tree, "/");
  const PreopenId out = Root(tree, "/out");
  ASSERT_TRUE(tree.AddFile(root, "outer", AsBytes("root")));
  ASSERT_TRUE(tree.AddFile(out, "f", AsBytes("out")));
  EXPECT_EQ(AsText(tree.Contents(*tree.Find("/out/f", FinalLink::kKeep))), "out");
  EXPECT_EQ(AsText(tree.Contents(*tree.Find("/outer", FinalLink::kKeep))), "root");
  EXPECT_EQ(*tree.Find("/out", FinalLink::kKeep), tree.preopen_root(1));
  EXPECT_EQ(*tree.Find("/", FinalLink::kKeep), tree.preopen_root(0));
  EXPECT_EQ(CodeOf(tree.Find("/out/missing", FinalLink::kKeep)), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(tree.Find("/outer/", FinalLink::kKeep)), ErrorCode::kNotFound);
  FileTree other;
  Root(other, "/out");
  EXPECT_EQ(CodeOf(other.Find("/outer", FinalLink::kKeep)), ErrorCode::kNotFound);
}

TEST(FileTreeTest, NeverFollowsALinkOutOfTheFolderOrForever) {
  FileTree tree;
  const PreopenId out = Root(tree, "/out");
  ASSERT_TRUE(tree.AddSymlink(out, "up", "../secret"));
  ASSERT_TRUE(tree.AddSymlink(out, "absolute", "/secret"));
  ASSERT_TRUE(tree.AddSymlink(out, "loop", "loop"));
  ASSERT_TRUE(tree.AddSymlink(out, "nowhere", "gone"));
  for (const char* path : {"/out/up", "/out/absolute", "/out/loop", "/out/loop/x"}) {
    EXPECT_EQ(CodeOf(tree.Find(path, FinalLink::kFollow)), ErrorCode::kInvalid) << path;
  }
  EXPECT_EQ(CodeOf(tree.Find("/out/../x", FinalLink::kFollow)), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(tree.Find("/out/nowhere", FinalLink::kFollow)), ErrorCode::kNotFound);
  EXPECT_TRUE(tree.Find("/out/loop", FinalLink::kKeep));
}

TEST(FileTreeTest, NumbersInodesWhateverTheOrderOfAdding) {
  const std::vector<std::string> paths = {"b", "a/z", "a/y", "c/d/e"};
  std::vector<std::uint64_t> forwards, backwards;
  for (const bool reversed : {false, true}) {
    FileTree tree;
    const PreopenId root = Root(tree);
    for (std::size_t i = 0; i < paths.size(); ++i) {
      ASSERT_TRUE(tree.AddFile(root, paths[reversed ? paths.size() - 1 - i : i], {}));
    }
    testing::Guest guest(std::move(tree));
    for (const std::string& path : paths) {
      (reversed ? backwards : forwards).push_back(guest.StatOf(path).inode);
    }
  }
  EXPECT_EQ(forwards, backwards);
  EXPECT_EQ(forwards, (std::vector<std::uint64_t>{5, 4, 3, 8}));
}

TEST(FileTreeTest, GivesTheSameCookiesWhateverTheOrderOfAdding) {
  std::vector<std::vector<std::uint64_t>> cookies;
  for (const std::vector<std::string>& paths :
       {std::vector<std::string>{"a", "b", "c"}, std::vector<std::string>{"c", "a", "b"}}) {
    FileTree tree;
    const PreopenId root = Root(tree);
    for (const std::string& path : paths) ASSERT_TRUE(tree.AddFile(root, path, {}));
    testing::Guest guest(std::move(tree));
    cookies.emplace_back();
    for (const auto& listed : guest.List(testing::Guest::kRoot)) {
      cookies.back().push_back(listed.next);
    }
  }
  EXPECT_EQ(cookies[0], cookies[1]);
  EXPECT_EQ(cookies[0], (std::vector<std::uint64_t>{1, 2, 1027, 2051, 3075}));
}

TEST(FileTreeTest, ShowsTheGuestsOutputToTheEmbedder) {
  FileTree tree;
  Root(tree, "/out");
  testing::Guest guest(std::move(tree));
  guest.MakeFile("result.txt", "42");
  const auto found = guest.host.tree().Find("/out/result.txt", FinalLink::kFollow);
  ASSERT_TRUE(found);
  EXPECT_EQ(AsText(guest.host.tree().Contents(*found)), "42");
}

TEST(FileTreeTest, CountsInputsAgainstTheLimits) {
  FileTree tree;
  const PreopenId root = Root(tree);
  ASSERT_TRUE(tree.AddFile(root, "in", AsBytes("12345678")));
  HostConfig config = testing::Guest::DefaultConfig();
  config.limits.file_bytes = 10;
  config.limits.file_nodes = 3;  // the preopened folder, "in" and one more
  testing::Guest guest(std::move(tree), config);
  const Fd fd = guest.Create("new");
  EXPECT_EQ(guest.Write(fd, "123"), Errno::kNospc);
  EXPECT_EQ(guest.Write(fd, "12"), Errno::kSuccess);
  EXPECT_EQ(guest.MakeDirectory("more"), Errno::kNospc);
  EXPECT_EQ(guest.Link("in", "more"), Errno::kNospc);
  EXPECT_EQ(guest.Unlink("in"), Errno::kSuccess);
  EXPECT_EQ(guest.Write(fd, "12345678"), Errno::kSuccess);
  EXPECT_EQ(guest.MakeDirectory("more"), Errno::kSuccess);
}

TEST(FileTreeTest, GivesBackWhatRemovedNamesAndClosedFilesTook) {
  HostConfig config = testing::Guest::DefaultConfig();
  config.limits.file_bytes = 4;
  config.limits.file_nodes = 3;
  testing::Guest guest(testing::Guest::DefaultTree(), config);
  for (int i = 0; i < 5; ++i) {
    const Fd fd = guest.Create("f");
    ASSERT_EQ(guest.Write(fd, "1234"), Errno::kSuccess);
    ASSERT_EQ(guest.Link("f", "g"), Errno::kSuccess);
    ASSERT_EQ(guest.MakeDirectory("full"), Errno::kNospc);
    ASSERT_EQ(guest.Unlink("f"), Errno::kSuccess);
    ASSERT_EQ(guest.Unlink("g"), Errno::kSuccess);
    ASSERT_EQ(guest.Symlink("12345", "too_long"), Errno::kNospc);
    ASSERT_EQ(guest.Symlink("1", "while_open"), Errno::kNospc);
    ASSERT_EQ(guest.Close(fd), Errno::kSuccess);
    ASSERT_EQ(guest.Symlink("1234", "link"), Errno::kSuccess);
    ASSERT_EQ(guest.Unlink("link"), Errno::kSuccess);
  }
}

}  // namespace
}  // namespace plasm::wasi
