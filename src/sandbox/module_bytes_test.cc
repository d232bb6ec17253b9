#include "sandbox/module_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace plasm::sandbox {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kHeader{"\0asm\1\0\0\0", 8};

void ExpectRefused(std::string_view bytes, const std::string& reason) {
  const auto checked = CheckModuleBytes(AsBytes(bytes));
  ASSERT_FALSE(checked) << reason;
  EXPECT_EQ(checked.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(checked.error().message, HasSubstr(reason));
}

TEST(ModuleBytesTest, AcceptsTheHeaderOfACoreModule) {
  EXPECT_TRUE(CheckModuleBytes(AsBytes(kHeader)));
  EXPECT_TRUE(CheckModuleBytes(AsBytes(std::string(kHeader) + "anything")));
}

TEST(ModuleBytesTest, NamesAnEmptyModule) { ExpectRefused("", "empty"); }

TEST(ModuleBytesTest, NamesGarbage) {
  ExpectRefused(
      "\x7f"
      "ELF\2\1\1",
      "not a WebAssembly module");
  ExpectRefused("hello, world", "not a WebAssembly module");
  ExpectRefused(" \n\t ", "not a WebAssembly module");
  ExpectRefused(std::string_view("\0as\xff"
                                 "1234",
                                 8),
                "not a WebAssembly module");
}

TEST(ModuleBytesTest, NamesTextFormat) {
  ExpectRefused("(module)", "text format");
  ExpectRefused(" \r\n\t;; a comment\n  (module)", "text format");
  ExpectRefused("(; a block ;) (module)", "text format");
}

TEST(ModuleBytesTest, TextAfterALongCommentIsNotSearchedForEver) {
  ExpectRefused(";;" + std::string(100'000, 'x') + "\n(module)", "not a WebAssembly module");
}

TEST(ModuleBytesTest, NamesEveryTruncationOfTheHeader) {
  for (std::size_t length = 1; length < kHeader.size(); ++length) {
    ExpectRefused(kHeader.substr(0, length), "truncated");
  }
}

TEST(ModuleBytesTest, NamesAComponent) {
  ExpectRefused(std::string_view("\0asm\x0d\0\1\0", 8), "component");
}

TEST(ModuleBytesTest, NamesAnUnknownVersion) {
  ExpectRefused(std::string_view("\0asm\2\0\0\0", 8), "unknown version");
}

TEST(ModuleBytesTest, RefusesOneByteMoreThanTheLimit) {
  std::string bytes(kMaxModuleBytes + 1, '\0');
  bytes.replace(0, kHeader.size(), kHeader);
  const auto refused = CheckModuleBytes(AsBytes(bytes));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  EXPECT_THAT(refused.error().message, HasSubstr(std::to_string(kMaxModuleBytes + 1)));
  bytes.pop_back();
  EXPECT_TRUE(CheckModuleBytes(AsBytes(bytes)));
}

}  // namespace
}  // namespace plasm::sandbox
