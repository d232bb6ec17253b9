#include "wasi/file_contents.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm::wasi {
namespace {

std::string ReadAll(const FileContents& contents) {
  std::string text(static_cast<std::size_t>(contents.size()), '?');
  EXPECT_EQ(contents.Read(0, std::as_writable_bytes(std::span(text))), text.size());
  return text;
}

TEST(FileContentsTest, ReadsBorrowedBytesWithoutCopying) {
  const std::string text = "borrowed";
  FileContents contents(AsBytes(text));
  EXPECT_EQ(ReadAll(contents), "borrowed");
  EXPECT_EQ(contents.View().data(), AsBytes(text).data());
}

TEST(FileContentsTest, LeavesTheLentBytesAloneWhenWritten) {
  const std::string text = "borrowed";
  FileContents contents(AsBytes(text));
  contents.Write(0, AsBytes("B"));
  EXPECT_EQ(ReadAll(contents), "Borrowed");
  EXPECT_EQ(text, "borrowed");
}

TEST(FileContentsTest, FillsAGapWithZeros) {
  FileContents contents;
  contents.Write(3, AsBytes("x"));
  EXPECT_EQ(ReadAll(contents), std::string("\0\0\0x", 4));
}

TEST(FileContentsTest, ReadsZerosAfterGrowing) {
  FileContents contents(AsBytes("ab"));
  contents.Resize(4);
  EXPECT_EQ(ReadAll(contents), std::string("ab\0\0", 4));
  EXPECT_EQ(AsText(contents.View()), std::string("ab\0\0", 4));
}

TEST(FileContentsTest, ForgetsWhatWasCutOff) {
  FileContents contents(AsBytes("secret"));
  contents.Resize(2);
  contents.Resize(6);
  EXPECT_EQ(ReadAll(contents), std::string("se\0\0\0\0", 6));
  FileContents owned;
  owned.Write(0, AsBytes("secret"));
  owned.Resize(2);
  owned.Resize(6);
  EXPECT_EQ(ReadAll(owned), std::string("se\0\0\0\0", 6));
}

TEST(FileContentsTest, TakesNoMemoryForATailOfZeros) {
  FileContents contents;
  contents.Resize(std::uint64_t{1} << 60);
  std::byte last{1};
  EXPECT_EQ(contents.Read((std::uint64_t{1} << 60) - 1, std::span(&last, 1)), 1u);
  EXPECT_EQ(last, std::byte{0});
}

TEST(FileContentsTest, ReadsNothingPastTheEnd) {
  const FileContents contents(AsBytes("abc"));
  std::array<std::byte, 8> out;
  EXPECT_EQ(contents.Read(3, out), 0u);
  EXPECT_EQ(contents.Read(~std::uint64_t{0}, out), 0u);
  EXPECT_EQ(contents.Read(2, out), 1u);
}

}  // namespace
}  // namespace plasm::wasi
