#include "receipt/result_digest.h"

#include <gtest/gtest.h>

#include <string>

#include "receipt/testing/examples.h"

namespace plasm::receipt {
namespace {

using testing::DigestOf;
using testing::ExampleStatement;

TEST(ResultDigestTest, IsTheDigestOfTheTextOfTheSpecification) {
  Statement statement = ExampleStatement();
  statement.files = {{.path = "a", .digest = DigestOf("a")},
                     {.path = "b\n\r\\", .digest = DigestOf("b")}};
  const std::string text = "urn:plasm:result:v1\nstatus exited\nexit-code 0\nstdout " +
                           DigestOf("out").ToHex() + " 3\nstderr " + DigestOf("").ToHex() +
                           " 0\nfile " + DigestOf("a").ToHex() + " a\nfile " +
                           DigestOf("b").ToHex() + " b\\n\\r\\\\\n";
  EXPECT_EQ(ResultText(statement), text);
  EXPECT_EQ(ResultDigest(statement), DigestOf(text));
}

TEST(ResultDigestTest, ATrapIsNamedInsteadOfAnExitCode) {
  Statement statement = ExampleStatement();
  statement.files.clear();
  statement.result.status = Status::kTrapped;
  statement.result.exit_code.reset();
  statement.result.trap = "abort";
  EXPECT_TRUE(ResultText(statement).starts_with(
      "urn:plasm:result:v1\nstatus trapped\ntrap abort\nstdout "));
  statement.result.status = Status::kOutOfFuel;
  statement.result.trap.reset();
  EXPECT_TRUE(
      ResultText(statement).starts_with("urn:plasm:result:v1\nstatus out_of_fuel\nstdout "));
}

TEST(ResultDigestTest, DependsOnTheResultAndOnNothingElse) {
  const Sha256Digest digest = ResultDigest(ExampleStatement());
  Statement same = ExampleStatement();
  same.result.fuel_used = 1;
  same.observed.end = UtcTime{1};
  same.node.sequence = 7;
  same.runtime.target = "pulley64";
  same.result_digest.reset();
  EXPECT_EQ(ResultDigest(same), digest);

  const auto differs = [&](auto change) {
    Statement statement = ExampleStatement();
    change(statement);
    return ResultDigest(statement) != digest;
  };
  EXPECT_TRUE(differs([](Statement& s) { s.result.exit_code = 1; }));
  EXPECT_TRUE(differs([](Statement& s) { s.stdout_subject.bytes = 4; }));
  EXPECT_TRUE(differs([](Statement& s) { s.stderr_subject.digest = DigestOf("x"); }));
  EXPECT_TRUE(differs([](Statement& s) { s.files.pop_back(); }));
  EXPECT_TRUE(differs([](Statement& s) { s.files[0].digest = DigestOf("x"); }));
  EXPECT_TRUE(differs([](Statement& s) { s.files[0].path = "/out/A"; }));
}

}  // namespace
}  // namespace plasm::receipt
