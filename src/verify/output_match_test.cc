#include "verify/output_match.h"

#include <gtest/gtest.h>

#include "receipt/testing/examples.h"

namespace plasm::verify {
namespace {

using receipt::testing::DigestOf;

// stdout "out", stderr of nothing, and kept files with their last word as contents.
receipt::Statement Example() {
  receipt::Statement statement = receipt::testing::ExampleStatement();
  statement.files = {{.path = "/out/a", .digest = DigestOf("a")},
                     {.path = "/out/b/c", .digest = DigestOf("c")},
                     {.path = "/out/stdout.txt", .digest = DigestOf("not stdout")},
                     {.path = "/outer/d", .digest = DigestOf("d")},
                     {.path = "/work/a", .digest = DigestOf("another a")},
                     {.path = "e", .digest = DigestOf("e")}};
  return statement;
}

using Contents = std::variant<Sha256Digest, FolderDigests>;

// The subject, or "no".
std::string Unnamed(const std::string& shown, Contents contents) {
  return [](auto match) {
    return match ? *match : "no";
  }(MatchOutput(Example(), {shown, std::nullopt, std::move(contents)}));
}
std::string Named(const std::string& name, Contents contents) {
  return [](auto match) {
    return match ? *match : "no";
  }(MatchOutput(Example(), {"x", name, std::move(contents)}));
}

TEST(OutputMatchTest, ANamedFileIsComparedWithItsSubjectAlone) {
  EXPECT_EQ(Named("stdout", DigestOf("out")), "stdout");
  EXPECT_EQ(Named("stderr", DigestOf("")), "stderr");
  EXPECT_EQ(Named("/out/a", DigestOf("a")), "file:\"/out/a\"");
  EXPECT_EQ(Named("e", DigestOf("e")), "file:\"e\"");
  EXPECT_EQ(Named("stderr", DigestOf("out")), "no");
  EXPECT_EQ(Named("stdout", DigestOf("")), "no");
  EXPECT_EQ(Named("/out/a", DigestOf("another a")), "no");
}

TEST(OutputMatchTest, ANameThatIsNoSubjectMatchesNothing) {
  for (const char* name : {"", "/out", "/out/", "out/a", "/out/a/", "/OUT/a", "STDOUT", "/out/b"}) {
    EXPECT_EQ(Named(name, DigestOf("a")), "no") << name;
  }
}

TEST(OutputMatchTest, AnUnnamedFileThatIsCalledLikeAStreamIsThatStream) {
  EXPECT_EQ(Unnamed("stdout", DigestOf("out")), "stdout");
  EXPECT_EQ(Unnamed("dir/stdout.bin", DigestOf("out")), "stdout");
  EXPECT_EQ(Unnamed("stderr.log.old", DigestOf("")), "stderr");
  // Also where another subject has its digest.
  EXPECT_EQ(Unnamed("stdout", DigestOf("")), "no");
  EXPECT_EQ(Unnamed("stdout.txt", DigestOf("not stdout")), "no");
  EXPECT_EQ(Unnamed("stderr.bin", DigestOf("out")), "no");
}

TEST(OutputMatchTest, AnUnnamedFileIsTheKeptFileOfItsName) {
  EXPECT_EQ(Unnamed("local/c", DigestOf("c")), "file:\"/out/b/c\"");
  EXPECT_EQ(Unnamed("local/c", DigestOf("d")), "no");
  EXPECT_EQ(Unnamed("c", DigestOf("out")), "no");
}

TEST(OutputMatchTest, OfSeveralKeptFilesOfItsNameOneMustHaveItsDigest) {
  EXPECT_EQ(Unnamed("a", DigestOf("a")), "file:\"/out/a\"");
  EXPECT_EQ(Unnamed("a", DigestOf("another a")), "file:\"/work/a\"");
  EXPECT_EQ(Unnamed("a", DigestOf("c")), "no");
}

TEST(OutputMatchTest, AnUnnamedFileOfAnotherNameIsWhateverHasItsDigest) {
  EXPECT_EQ(Unnamed("result", DigestOf("out")), "stdout");
  EXPECT_EQ(Unnamed("result", DigestOf("")), "stderr");
  EXPECT_EQ(Unnamed("result", DigestOf("c")), "file:\"/out/b/c\"");
  EXPECT_EQ(Unnamed("result", DigestOf("something else")), "no");
}

TEST(OutputMatchTest, ANamedFolderHasExactlyTheKeptFilesBelowIt) {
  const FolderDigests out = {
      {"a", DigestOf("a")}, {"b/c", DigestOf("c")}, {"stdout.txt", DigestOf("not stdout")}};
  EXPECT_EQ(Named("/out", out), "folder \"/out\"");
  EXPECT_EQ(Named("/out/", out), "folder \"/out/\"");
  EXPECT_EQ(Named("/out/b", FolderDigests{{"c", DigestOf("c")}}), "folder \"/out/b\"");

  FolderDigests lacks = out;
  lacks.erase("b/c");
  FolderDigests more = out;
  more["z"] = DigestOf("z");
  FolderDigests other = out;
  other["a"] = DigestOf("b");
  for (const FolderDigests& wrong : {lacks, more, other, FolderDigests()}) {
    EXPECT_EQ(Named("/out", wrong), "no");
  }
}

TEST(OutputMatchTest, AFolderWithoutKeptFilesMatchesNotEvenAnEmptyOne) {
  for (const char* name : {"/none", "/ou", "/out/a", "stdout", ""}) {
    EXPECT_EQ(Named(name, FolderDigests()), "no") << name;
  }
}

TEST(OutputMatchTest, AnUnnamedFolderIsTheFolderOfTheGuestWithItsFiles) {
  EXPECT_EQ(Unnamed("copy", FolderDigests{{"c", DigestOf("c")}}), "folder \"/out/b\"");
  EXPECT_EQ(Unnamed("copy", FolderDigests{{"a", DigestOf("another a")}}), "folder \"/work\"");
  EXPECT_EQ(Unnamed("copy", FolderDigests{{"a", DigestOf("a")}}), "no");
  EXPECT_EQ(Unnamed("copy", FolderDigests()), "no");
}

TEST(OutputMatchTest, SaysWhichFileAndWhatIsWrong) {
  const auto match = MatchOutput(Example(), {"my\n.bin", "stdout", DigestOf("x")});
  ASSERT_FALSE(match);
  EXPECT_EQ(match.error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(match.error().message.starts_with("\"my\\x0a.bin\": ")) << match.error().message;
  EXPECT_NE(match.error().message.find(DigestOf("x").ToHex()), std::string::npos);
}

}  // namespace
}  // namespace plasm::verify
