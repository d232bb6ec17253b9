// The command in spec/job.md section 3 gives our tree digest: it is taken from the text as it
// stands there and run by a shell.
#include "receipt/tree_digest.h"

#include <gtest/gtest.h>
#include <stdio.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/sha256.h"
#include "base/testing/temp_folder.h"

namespace plasm::receipt {
namespace {

namespace fs = std::filesystem;

// "cd FOLDER && find … | sha256sum", or nothing.
std::string CommandOfTheSpecification() {
  std::ifstream spec(fs::path(PLASM_SOURCE_DIR) / "spec" / "job.md");
  for (std::string line; std::getline(spec, line);) {
    if (line.starts_with("cd FOLDER && ")) return line;
  }
  return "";
}

// The 64 digits that the command prints for the folder.
std::string ByCoreutils(const fs::path& folder) {
  std::string command = CommandOfTheSpecification();
  const std::string_view name = "FOLDER";
  const std::size_t at = command.find(name);
  if (at == std::string::npos) return "no command in spec/job.md";
  command.replace(at, name.size(), "'" + folder.string() + "'");
  FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return "no shell";
  std::string output;
  for (int c = ::fgetc(pipe); c != EOF; c = ::fgetc(pipe)) output.push_back(static_cast<char>(c));
  if (::pclose(pipe) != 0) return "the command failed";
  return output.substr(0, output.find(' '));
}

// The contents of each file are its path.
void MakeFile(const fs::path& folder, const std::string& path) {
  fs::create_directories((folder / path).parent_path());
  std::ofstream(folder / path, std::ios::binary) << path;
}

std::string ByUs(const std::vector<std::string>& paths) {
  TreeDigestBuilder builder;
  for (const std::string& path : paths) {
    if (auto added = builder.AddFile(path, Sha256Of(AsBytes(path))); !added) {
      return added.error().message;
    }
  }
  const auto digests = std::move(builder).Finish();
  return digests ? digests->tree.ToHex() : digests.error().message;
}

TEST(TreeDigestInteropTest, CoreutilsAgreeOnFilesWithEveryKindOfName) {
  const testing::TempFolder folder;
  const std::vector<std::string> paths = {
      "a",      "a b",    "a!", "a/b",     "-", "--x",   "B", "gr\xc3\xbc\xc3\x9f",
      "'\"$x`", "a -> b", "\t", "d/e/f/g", "*", "a.b/c", "A"};
  std::vector<std::string> usable;
  for (const std::string& path : paths) {
    const std::string below = path == "-" || path == "a" ? "sub/" + path : path;
    MakeFile(folder.path(), below);
    usable.push_back(below);
  }
  fs::create_directory(folder.path() / "empty");
  fs::create_symlink("B", folder.path() / "link");
  EXPECT_EQ(ByCoreutils(folder.path()), ByUs(usable));
}

TEST(TreeDigestInteropTest, CoreutilsAgreeOnAFolderWithoutFiles) {
  const testing::TempFolder folder;
  EXPECT_EQ(ByCoreutils(folder.path()), ByUs({}));
}

// More names than one command line holds.
TEST(TreeDigestInteropTest, CoreutilsAgreeOnManyFiles) {
  const testing::TempFolder folder;
  std::vector<std::string> paths;
  for (int i = 0; i < 1500; ++i) {
    paths.push_back(std::string(200, 'x') + "/" + std::to_string(i));
    MakeFile(folder.path(), paths.back());
  }
  EXPECT_EQ(ByCoreutils(folder.path()), ByUs(paths));
}

// Why TreeDigestBuilder refuses that path.
TEST(TreeDigestInteropTest, CoreutilsDoNotReadAFileNamedDash) {
  const testing::TempFolder folder;
  MakeFile(folder.path(), "-");
  const std::string line = Sha256Of({}).ToHex() + "  -\n";
  EXPECT_EQ(ByCoreutils(folder.path()), Sha256Of(AsBytes(line)).ToHex());
}

}  // namespace
}  // namespace plasm::receipt
