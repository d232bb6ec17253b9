#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace plasm {
namespace {

Result<int> Half(int n) {
  if (n % 2 != 0) return Error{ErrorCode::kInvalid, std::to_string(n) + " is odd"};
  return n / 2;
}

Result<int> Quarter(int n) {
  PLASM_TRY(const int half, Half(n));
  PLASM_TRY(const int quarter, Half(half));
  return quarter;
}

Result<void> MustBeEven(int n) {
  PLASM_TRY_VOID(Half(n));
  return {};
}

Result<std::unique_ptr<int>> Boxed(int n) {
  PLASM_TRY(const int half, Half(n));
  return std::make_unique<int>(half);
}

Result<int> Unboxed(int n) {
  PLASM_TRY(const std::unique_ptr<int> box, Boxed(n));
  return *box;
}

TEST(ResultTest, TryDeclaresTheValue) {
  ASSERT_TRUE(Quarter(12));
  EXPECT_EQ(*Quarter(12), 3);
  EXPECT_TRUE(MustBeEven(2));
}

TEST(ResultTest, TryReturnsTheFirstError) {
  EXPECT_EQ(Quarter(7).error().message, "7 is odd");
  EXPECT_EQ(Quarter(6).error().message, "3 is odd");
  EXPECT_EQ(MustBeEven(3).error().code, ErrorCode::kInvalid);
}

TEST(ResultTest, CarriesValuesThatOnlyMove) { EXPECT_EQ(*Unboxed(8), 4); }

TEST(ResultTest, EveryCodeHasItsName) {
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kInvalid), "invalid");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kDenied), "denied");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kNotFound), "not_found");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kConflict), "conflict");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kLimitExceeded), "limit_exceeded");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kOverloaded), "overloaded");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kUnavailable), "unavailable");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kCorrupt), "corrupt");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kInternal), "internal");
}

}  // namespace
}  // namespace plasm
