#include "receipt/statement.h"

#include <gtest/gtest.h>

#include <cctype>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "receipt/receipt_v2.h"
#include "receipt/testing/examples.h"
#include "receipt/testing/json_mutations.h"

namespace plasm::receipt {
namespace {

using testing::DigestOf;
using testing::ExampleKey;
using testing::ExampleStatement;
using testing::JsonMutations;
using testing::ToBytes;
using testing::With;

Result<Statement> Parse(std::string_view json) { return ParseStatement(AsBytes(json)); }

std::string ExampleJson() { return SerializeStatement(ExampleStatement()); }

std::string Changed(const std::function<void(Statement&)>& change) {
  Statement statement = ExampleStatement();
  change(statement);
  return SerializeStatement(statement);
}

// A well-formed statement of that ending.
Statement Ended(Status status) {
  Statement statement = ExampleStatement();
  statement.result = {.status = status,
                      .exit_code = std::nullopt,
                      .trap = std::nullopt,
                      .reason = std::nullopt,
                      .fuel_used = std::nullopt,
                      .truncated = status == Status::kOutputLimit};
  if (status == Status::kExited) statement.result.exit_code = UINT32_MAX;
  if (status == Status::kTrapped) statement.result.trap = "stack_overflow";
  if (status == Status::kRejected) statement.result.reason = "The module uses threads.";
  statement.result_digest.reset();
  if (CountsFuel(status)) {
    statement.result.fuel_used = UINT64_MAX;
    statement.result_digest = ResultDigest(statement);
  }
  return statement;
}

constexpr Status kAllStatuses[] = {Status::kExited,      Status::kTrapped,  Status::kOutOfFuel,
                                   Status::kOutputLimit, Status::kTimedOut, Status::kCancelled,
                                   Status::kRejected};

void ExpectRoundTrip(const Statement& statement) {
  const auto read = Parse(SerializeStatement(statement));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, statement);
}

TEST(StatementTest, ReadsWhatItWritesForEveryEnding) {
  ExpectRoundTrip(ExampleStatement());
  for (const Status status : kAllStatuses) ExpectRoundTrip(Ended(status));
}

TEST(StatementTest, ReadsWhatItWritesWithoutOptionalMembers) {
  Statement statement = Ended(Status::kRejected);
  statement.result.reason.reset();
  statement.files.clear();
  statement.job.requester.reset();
  statement.job.nonce.reset();
  statement.job.not_after.reset();
  statement.input.trees.clear();
  statement.node.log.reset();
  ExpectRoundTrip(statement);
}

TEST(StatementTest, WritesTheMembersInTheOrderOfTheSpecification) {
  const std::string json = ExampleJson();
  std::size_t last = 0;
  for (const char* key :
       {R"({"_type":"https://in-toto.io/Statement/v1")",
        R"("subject":[{"name":"stdout","digest":{"sha256":")",
        R"("predicateType":"urn:plasm:receipt:v2")",
        R"("predicate":{"job":{"manifest":{"sha256":")", R"("id":"job-)", R"("requester":)",
        R"("nonce":)", R"("notAfter":)", R"("module":{)", R"("input":{"args":")", R"("limits":{)",
        R"("runtime":{"engine":"wasmtime")",
        R"("result":{"status":"exited","exitCode":0,"fuelUsed":"12345","stdoutBytes":"3")",
        R"("truncated":false)", R"("resultDigest":{)",
        R"("observed":{"start":"2025-11-24T16:00:00.000Z")", R"("attempts":1)",
        R"("node":{"identity":"SHA256:)", R"("sequence":"0")"}) {
    const std::size_t at = json.find(key);
    ASSERT_NE(at, std::string::npos) << key;
    EXPECT_TRUE(last == 0 || at > last) << key;
    last = at;
  }
}

TEST(StatementTest, OnlyOptionalMembersMayBeMissing) {
  const std::set<std::string> optional = {"predicate.job.requester", "predicate.job.nonce",
                                          "predicate.job.notAfter",
                                          "predicate.input.trees[].layout", "predicate.node.log"};
  std::set<std::string> accepted;
  for (const auto& [place, json] : JsonMutations(ExampleJson()).DropEachMember()) {
    if (Parse(json)) accepted.insert(place);
  }
  EXPECT_EQ(accepted, optional);
}

TEST(StatementTest, RefusesDoubledRenamedUnknownAndNullMembersAtEveryPlace) {
  for (const Status status : kAllStatuses) {
    JsonMutations mutations(SerializeStatement(Ended(status)));
    for (const auto& [place, json] : mutations.DoubleEachMember()) {
      EXPECT_FALSE(Parse(json)) << place;
    }
    for (const auto& [place, json] : mutations.ChangeTheCaseOfEachName()) {
      EXPECT_FALSE(Parse(json)) << place;
    }
    for (const auto& [place, json] : mutations.ReplaceEachValue(JsonValue{})) {
      EXPECT_FALSE(Parse(json)) << place;
    }
    const JsonMember unknown{"x", JsonValue{std::string("y")}};
    for (const auto& [place, json] : mutations.AddToEachObject(unknown)) {
      EXPECT_FALSE(Parse(json)) << place;
    }
  }
}

// Every pair of an ending and a member that another ending has.
TEST(StatementTest, WhatDependsOnTheEndingIsThereExactlyThen) {
  for (const Status status : kAllStatuses) {
    const auto with = [&](auto change) {
      Statement statement = Ended(status);
      change(statement);
      return Parse(SerializeStatement(statement)).has_value();
    };
    SCOPED_TRACE(StatusName(status));
    EXPECT_EQ(with([](Statement& s) { s.result.exit_code = 1; }), status == Status::kExited);
    EXPECT_EQ(with([](Statement& s) { s.result.exit_code.reset(); }), status != Status::kExited);
    EXPECT_EQ(with([](Statement& s) { s.result.trap = "abort"; }), status == Status::kTrapped);
    EXPECT_EQ(with([](Statement& s) { s.result.trap.reset(); }), status != Status::kTrapped);
    EXPECT_EQ(with([](Statement& s) { s.result.reason = "No."; }), status == Status::kRejected);
    EXPECT_EQ(with([](Statement& s) { s.result.fuel_used = 1; }), CountsFuel(status));
    EXPECT_EQ(with([](Statement& s) { s.result.fuel_used.reset(); }), !CountsFuel(status));
    EXPECT_EQ(with([](Statement& s) { s.result_digest = DigestOf(""); }), CountsFuel(status));
    EXPECT_EQ(with([](Statement& s) { s.result_digest.reset(); }), !CountsFuel(status));
  }
}

TEST(StatementTest, ALiveRunHasNoResultDigest) {
  Statement statement = ExampleStatement();
  statement.runtime.profile = Profile::kLive;
  EXPECT_FALSE(Parse(SerializeStatement(statement)));
  statement.result_digest.reset();
  ExpectRoundTrip(statement);
}

TEST(StatementTest, ABatchNamesItsLog) {
  Statement statement = ExampleStatement();
  statement.node.signing = Signing::kBatch;
  ExpectRoundTrip(statement);
  statement.node.log.reset();
  EXPECT_FALSE(Parse(SerializeStatement(statement)));
}

TEST(StatementTest, ValuesThatContradictEachOtherAreStillWellFormed) {
  EXPECT_TRUE(Parse(Changed([](Statement& s) { s.result.truncated = true; })));
  EXPECT_TRUE(Parse(Changed([](Statement& s) { s.result_digest = DigestOf("other"); })));
  EXPECT_TRUE(Parse(Changed([](Statement& s) { s.observed.end = UtcTime{0}; })));
  EXPECT_TRUE(Parse(Changed([](Statement& s) { s.stderr_subject.bytes = 1; })));
}

TEST(StatementTest, SubjectsBeginWithStdoutAndStderr) {
  const std::string digest = R"(","digest":{"sha256":")" + DigestOf("").ToHex() + R"("}})";
  const std::string stdout_json = R"({"name":"stdout)" + digest;
  const std::string stderr_json = R"({"name":"stderr)" + digest;
  Statement statement = ExampleStatement();
  statement.files.clear();
  statement.stdout_subject = {};
  statement.stdout_subject.digest = DigestOf("");
  const std::string json = SerializeStatement(statement);
  const std::string both = "[" + stdout_json + "," + stderr_json + "]";
  ASSERT_TRUE(Parse(With(json, both, both)));
  for (const std::string& bad :
       {std::string("[]"), "[" + stdout_json + "]", "[" + stderr_json + "]",
        "[" + stderr_json + "," + stdout_json + "]", "[" + stdout_json + "," + stdout_json + "]",
        "[" + stdout_json + "," + stderr_json + "," + stderr_json + "]",
        "[" + stdout_json + "," + stderr_json + "," + R"({"name":"stdin)" + digest + "]",
        std::string(R"({"name":"stdout"})"), std::string("null")}) {
    EXPECT_FALSE(Parse(With(json, both, bad))) << bad;
  }
}

TEST(StatementTest, FilesAreSortedAndUnique) {
  const auto with = [](const std::vector<std::string>& paths) {
    return Changed([&](Statement& s) {
      s.files.clear();
      for (const std::string& path : paths) s.files.push_back({path, DigestOf(path)});
    });
  };
  EXPECT_TRUE(Parse(with({"B", "a", "a!", "a/b", "\xc3\xa4"})));  // bytewise
  EXPECT_FALSE(Parse(with({"a", "B"})));
  EXPECT_FALSE(Parse(with({"a", "a"})));
  EXPECT_FALSE(Parse(with({"a/b", "a"})));
  EXPECT_FALSE(Parse(with({""})));
  EXPECT_FALSE(Parse(with({std::string("a\0", 2)})));
  const std::string one = with({"a"});
  EXPECT_FALSE(Parse(With(one, "\"file:a\"", "\"a\"")));
  EXPECT_FALSE(Parse(With(one, "\"file:a\"", "\"File:a\"")));
}

TEST(StatementTest, RefusesOtherTypesAndDigests) {
  const std::string json = ExampleJson();
  EXPECT_FALSE(Parse(With(json, "Statement/v1", "Statement/v0.1")));
  EXPECT_FALSE(Parse(With(json, "receipt:v2", "receipt:v3")));
  EXPECT_FALSE(Parse(With(json, DigestOf("out").ToHex(), DigestOf("out").ToString())));
  std::string upper = DigestOf("out").ToHex();
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_FALSE(Parse(With(json, DigestOf("out").ToHex(), upper)));
}

TEST(StatementTest, NumbersAreIntegersInTheirRange) {
  const std::string json = ExampleJson();
  for (const char* bad : {"-0", "-1", "0.0", "1.0", "1e2", "4294967296", "9007199254740993",
                          "\"0\"", "18446744073709551616", "00"}) {
    EXPECT_FALSE(Parse(With(json, R"("exitCode":0)", std::string("\"exitCode\":") + bad))) << bad;
  }
  for (const char* bad : {"0", "-0", "1.0", "1e2", "9007199254740993", "\"1\""}) {
    EXPECT_FALSE(Parse(With(json, R"("attempts":1)", std::string("\"attempts\":") + bad))) << bad;
  }
  for (const char* bad : {"12345", "\"012345\"", "\"-0\"", "\"1.0\"", "\"1e2\""}) {
    EXPECT_FALSE(Parse(With(json, R"("12345")", bad))) << bad;
  }
  const auto odd = Parse(With(json, R"("12345")", R"("9007199254740993")"));
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->result.fuel_used, 9'007'199'254'740'993u);
}

TEST(StatementTest, RefusesTextThatIsNotOfItsForm) {
  EXPECT_FALSE(Parse(Changed([](Statement& s) { s.job.id = s.node.boot; })));
  EXPECT_FALSE(Parse(Changed([](Statement& s) { s.job.id = "job-"; })));
  EXPECT_FALSE(Parse(Changed([](Statement& s) { s.job.id[4] = 'A'; })));
  EXPECT_FALSE(Parse(Changed([](Statement& s) { s.node.boot = "1"; })));
  EXPECT_FALSE(Parse(Changed([](Statement& s) { s.node.key = "SHA256:x"; })));
  EXPECT_FALSE(Parse(Changed([](Statement& s) { s.node.log = "a b"; })));
  EXPECT_FALSE(Parse(Changed([](Statement& s) { s.node.log = "a+b"; })));
  EXPECT_FALSE(Parse(Changed([](Statement& s) { s.node.log = ""; })));
  EXPECT_FALSE(Parse(Changed([](Statement& s) { s.node.log = std::string(256, 'a'); })));
  EXPECT_FALSE(Parse(Changed([](Statement& s) { s.runtime.engine = ""; })));
  EXPECT_FALSE(Parse(Changed([](Statement& s) { s.runtime.version = "48.0.8\n"; })));
  EXPECT_FALSE(Parse(Changed([](Statement& s) { s.job.nonce = "abc"; })));
  EXPECT_FALSE(Parse(With(ExampleJson(), R"("each")", R"("both")")));
  EXPECT_FALSE(Parse(With(ExampleJson(), R"("exited")", R"("Exited")")));
  EXPECT_FALSE(Parse(With(ExampleJson(), R"("truncated":false)", R"("truncated":0)")));
}

TEST(StatementTest, ACauseOfATrapCannotForgeALineOfTheResult) {
  Statement statement = Ended(Status::kTrapped);
  for (const char* bad : {"", "abort\nfile 00 x", "stack overflow", "Abort"}) {
    statement.result.trap = bad;
    EXPECT_FALSE(Parse(SerializeStatement(statement))) << bad;
  }
}

TEST(StatementTest, AReasonCannotSteerATerminal) {
  Statement statement = Ended(Status::kRejected);
  for (const std::string& bad :
       {std::string(), std::string("a\nb"), std::string("\x1b[2J"), std::string("\x7f"),
        std::string("a\xc2\x9b"), std::string(Outcome::kMaxReasonBytes + 1, 'a')}) {
    statement.result.reason = bad;
    EXPECT_FALSE(Parse(SerializeStatement(statement))) << bad;
  }
  statement.result.reason = "Gr\xc3\xbc\xc3\x9f";
  ExpectRoundTrip(statement);
}

TEST(StatementTest, WhatTheNodeSawHasMilliseconds) {
  const std::string json = ExampleJson();
  EXPECT_FALSE(Parse(With(json, "2025-11-24T16:00:00.000Z", "2025-11-24T16:00:00Z")));
  EXPECT_TRUE(Parse(With(json, "2027-01-15T08:00:00.000Z", "2027-01-15T08:00:00Z")));  // notAfter
}

TEST(StatementTest, RefusesWhatIsNotStrictJson) {
  const std::string json = ExampleJson();
  EXPECT_FALSE(Parse("\xef\xbb\xbf" + json));
  EXPECT_FALSE(Parse(json + "0"));
  EXPECT_FALSE(Parse(With(json, "file:/out/a", R"(file:\ud800)")));
  EXPECT_FALSE(Parse(With(json, "file:/out/a", R"(file:\udc00)")));
  EXPECT_FALSE(Parse(With(json, "file:/out/a", "file:\xff")));
  EXPECT_FALSE(Parse(std::string(100'000, '[')));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(Parse(objects));
  EXPECT_FALSE(Parse(""));
}

TEST(StatementTest, TakesAsManyFilesAsFitIntoItsSize) {
  Statement statement = ExampleStatement();
  statement.files.clear();
  const std::size_t each =
      std::string(R"({"name":"file:00000","digest":{"sha256":""}},)").size() + 64;
  const std::size_t room = kMaxStatementBytes - 4096;
  for (std::size_t i = 0; i < room / each; ++i) {
    const std::string digits = std::to_string(i);
    statement.files.push_back({std::string(5 - digits.size(), '0') + digits, DigestOf("x")});
  }
  ASSERT_GT(statement.files.size(), 70'000u);
  statement.result_digest = ResultDigest(statement);
  const std::string json = SerializeStatement(statement);
  const auto read = Parse(json);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, statement);
  const auto large = Parse(json + std::string(kMaxStatementBytes - json.size() + 1, ' '));
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::kLimitExceeded);
}

TEST(StatementTest, AListDigestTellsElementsApart) {
  EXPECT_EQ(ListDigest({}), DigestOf(""));
  EXPECT_EQ(ListDigest({"a", "", "b"}), DigestOf(std::string_view("a\0\0b\0", 5)));
  EXPECT_NE(ListDigest({"ab"}), ListDigest({"a", "b"}));
}

TEST(StatementTest, TheLogEntryNamesTheDigestOfWhatIsSigned) {
  const Sha256Digest digest = LeafReceiptDigest(AsBytes("{}"));
  EXPECT_EQ(digest, DigestOf("DSSEv1 28 application/vnd.in-toto+json 2 {}"));
  EXPECT_EQ(LogEntry(digest), "urn:plasm:leaf:v1\nreceipt " + digest.ToHex() + "\n");
}

TEST(ReceiptV2Test, SignaturesFitTheSigning) {
  Statement statement = ExampleStatement();
  const auto parse = [&](std::size_t signatures) {
    Envelope envelope = SignEnvelope(std::string(kReceiptPayloadType),
                                     ToBytes(SerializeStatement(statement)), ExampleKey(2));
    envelope.signatures.resize(signatures);
    return ParseReceiptV2(AsBytes(SerializeEnvelope(envelope)));
  };
  const auto read = parse(1);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->statement, statement);
  EXPECT_TRUE(VerifyEnvelope(read->envelope, ExampleKey(2).public_key()));
  EXPECT_FALSE(parse(0));
  statement.node.signing = Signing::kBatch;
  EXPECT_TRUE(parse(0));
  EXPECT_FALSE(parse(1));
}

TEST(ReceiptV2Test, RefusesAnEnvelopeAroundSomethingElse) {
  const Envelope other =
      SignEnvelope(std::string(kReceiptPayloadType), ToBytes("{}"), ExampleKey(2));
  EXPECT_FALSE(ParseReceiptV2(AsBytes(SerializeEnvelope(other))));
  const Envelope other_type = SignEnvelope(
      "application/json", ToBytes(SerializeStatement(ExampleStatement())), ExampleKey(2));
  EXPECT_FALSE(ParseReceiptV2(AsBytes(SerializeEnvelope(other_type))));
}

}  // namespace
}  // namespace plasm::receipt
