#include "trust/trust_file.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "trust/node_card.h"
#include "trust/testing/cards.h"

namespace plasm::trust {
namespace {

using namespace testing;  // NOLINT: the tests' own keys and cards

const std::string kKeyA = crypto::ToOpenSsh(PublicFrom(kIdentity));
const std::string kKeyB = crypto::ToOpenSsh(PublicFrom(20));

const std::string kText =  // NOLINT: a throw here ends the test program, as it should
    "# Nodes that we know.\n"
    "\n"
    "a   " +
    kKeyA +
    "\tlogged  card=7 # ours\n"
    "  # the next one moved\n"
    "b " +
    kKeyB + " signed revoked=" + FingerprintFrom(21) +
    "@2026-07-01T00:00:00Z revoked=" + FingerprintFrom(22) + "@2026-07-02T00:00:00.125Z\n";

TrustFile Parsed(const std::string& text) {
  auto file = TrustFile::Parse(AsBytes(text));
  EXPECT_TRUE(file) << file.error().message;
  return file ? *std::move(file) : TrustFile();
}

Error ErrorOf(const std::string& text) {
  const auto file = TrustFile::Parse(AsBytes(text));
  EXPECT_FALSE(file) << text;
  return file ? Error{ErrorCode::kInternal, {}} : file.error();
}

TEST(TrustFileTest, ReadsNodesInTheirOrder) {
  const TrustFile file = Parsed(kText);
  const auto nodes = file.Nodes();
  ASSERT_EQ(nodes.size(), 2u);
  EXPECT_EQ(*nodes[0], (TrustedNode{.name = "a",
                                    .identity = PublicFrom(kIdentity),
                                    .level = TrustLevel::kLogged,
                                    .card_version = 7,
                                    .revoked = {}}));
  EXPECT_EQ(*nodes[1],
            (TrustedNode{.name = "b",
                         .identity = PublicFrom(20),
                         .level = TrustLevel::kSigned,
                         .card_version = {},
                         .revoked = {{FingerprintFrom(21), Time("2026-07-01T00:00:00Z")},
                                     {FingerprintFrom(22), Time("2026-07-02T00:00:00.125Z")}}}));
}

TEST(TrustFileTest, FindsNodesByNameAndByIdentity) {
  const TrustFile file = Parsed(kText);
  ASSERT_NE(file.FindByName("b"), nullptr);
  EXPECT_EQ(file.FindByName("b")->identity, PublicFrom(20));
  EXPECT_EQ(file.FindByName("B"), nullptr);
  EXPECT_EQ(file.FindByIdentity(PublicFrom(20)), file.FindByName("b"));
  EXPECT_EQ(file.FindByFingerprint(FingerprintFrom(20)), file.FindByName("b"));
  EXPECT_EQ(file.FindByFingerprint(FingerprintFrom(21)), nullptr);
}

TEST(TrustFileTest, TextThatIsNotEditedStaysByteForByte) {
  EXPECT_EQ(Parsed(kText).Serialize(), kText);
  EXPECT_EQ(Parsed("").Serialize(), "");
  EXPECT_EQ(Parsed("\n").Serialize(), "\n");
  EXPECT_EQ(Parsed("# no line end").Serialize(), "# no line end\n");
}

TEST(TrustFileTest, AnEmptyFileTrustsNobody) {
  EXPECT_TRUE(Parsed("").Nodes().empty());
  EXPECT_TRUE(Parsed(" \t\n# a ssh-ed25519\n").Nodes().empty());
}

TEST(TrustFileTest, KnowsFourLevels) {
  for (const TrustLevel level :
       {TrustLevel::kSigned, TrustLevel::kLogged, TrustLevel::kWitnessed, TrustLevel::kBlocked}) {
    const TrustFile file = Parsed("a " + kKeyA + " " + std::string(TrustLevelName(level)));
    EXPECT_EQ(file.FindByName("a")->level, level);
  }
}

TEST(TrustFileTest, LevelsSayWhatTheyNeed) {
  EXPECT_FALSE(NeedsLogProof(TrustLevel::kSigned));
  EXPECT_TRUE(NeedsLogProof(TrustLevel::kLogged));
  EXPECT_TRUE(NeedsLogProof(TrustLevel::kWitnessed));
  EXPECT_FALSE(NeedsLogProof(TrustLevel::kBlocked));
  EXPECT_FALSE(NeedsQuorum(TrustLevel::kLogged));
  EXPECT_TRUE(NeedsQuorum(TrustLevel::kWitnessed));
}

TEST(TrustFileTest, OneBadLineRefusesTheFileAndIsNamed) {
  const Error error = ErrorOf("# fine\n\nc " + kKeyB + " trusted\n" + kText);
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_EQ(error.message,
            "trust file, line 3: level: found \"trusted\", expected signed, logged, witnessed or "
            "blocked");
}

TEST(TrustFileTest, KnowsWhoRunsANode) {
  const TrustFile file = Parsed("a " + kKeyA + " signed operator=acme.example\n");
  EXPECT_EQ(file.FindByName("a")->operator_name, "acme.example");
  TrustFile written;
  ASSERT_TRUE(written.Add(*file.FindByName("a")));
  EXPECT_EQ(written.Serialize(), file.Serialize());
}

TEST(TrustFileTest, RefusesLinesOfAnotherForm) {
  const std::string start = "a " + kKeyA + " signed";
  const std::string revocation = " revoked=" + FingerprintFrom(21) + "@2026-07-01T00:00:00Z";
  for (const std::string& bad : std::vector<std::string>{
           "a",
           "a " + kKeyA,
           kKeyA + " signed",
           "a " + kKeyA + " Signed",
           "a " + kKeyA.substr(0, kKeyA.size() - 1) + " signed",
           "a  ssh-rsa AAAA signed",
           "a " + kKeyA + "=== signed",
           "a b " + kKeyA + " signed",
           start + " more",
           start + " card",
           start + " card=",
           start + " card=0",
           start + " card=07",
           start + " card=+7",
           start + " card=9007199254740992",
           start + " card=7 card=7",
           start + " Card=7",
           start + " operator=",
           start + " operator=a,b",
           start + " operator=a operator=a",
           start + " operator=" + std::string(65, 'a'),
           start + " revoked=",
           start + revocation + revocation,
           start + " revoked=" + FingerprintFrom(21),
           start + " revoked=" + FingerprintFrom(21) + "@yesterday",
           start + " revoked=" + FingerprintFrom(21).substr(7) + "@2026-07-01T00:00:00Z",
           start + " revoked=" + FingerprintFrom(kIdentity) + "@2026-07-01T00:00:00Z",
           start + "\r",
           "a\x01 " + kKeyA + " signed",
           "\xff " + kKeyA + " signed",
           "# \xff",
           "# \x1b[2J",
           "\xef\xbb\xbf" + start,
           "a#b " + kKeyA + " signed",
           "a\xc2\xa0"
           "b " +
               kKeyA + " signed",
           std::string(256, 'a') + " " + kKeyA + " signed"}) {
    EXPECT_EQ(ErrorOf(bad).code, ErrorCode::kInvalid) << bad;
  }
  EXPECT_EQ(ErrorOf(start + std::string("\0", 1)).code, ErrorCode::kInvalid);
}

TEST(TrustFileTest, ANameOrAnIdentityStandsOnce) {
  const std::string again = "a " + kKeyB + " signed\na " + kKeyA + " signed\n";
  EXPECT_EQ(ErrorOf(again).message, "trust file, line 2: the name \"a\" is taken");
  // Blocked under one name, trusted under the other: which one counts?
  const std::string twice = "a " + kKeyA + " blocked\nb " + kKeyA + " signed\n";
  const Error error = ErrorOf(twice);
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_EQ(error.message,
            "trust file, line 2: " + FingerprintFrom(kIdentity) + " stands under the name \"a\"");
}

TEST(TrustFileTest, HasLimits) {
  EXPECT_EQ(Parsed(std::string(10'000, '\n')).Serialize().size(), 10'000u);
  EXPECT_EQ(ErrorOf(std::string(10'001, '\n')).code, ErrorCode::kLimitExceeded);
  const std::string longest = "#" + std::string(kMaxTrustFileBytes - 2, ' ') + "\n";
  EXPECT_EQ(Parsed(longest).Serialize(), longest);
  EXPECT_EQ(ErrorOf("#" + longest).code, ErrorCode::kLimitExceeded);
}

TEST(TrustFileTest, AnEditKeepsCommentsAndEveryOtherLine) {
  TrustFile file = Parsed(kText);
  ASSERT_TRUE(file.SetLevel("a", TrustLevel::kBlocked));
  ASSERT_TRUE(file.SetCardVersion("a", 8));
  const std::string line = "a   " + kKeyA + "\tlogged  card=7 # ours\n";
  EXPECT_EQ(file.Serialize(), With(kText, line, "a " + kKeyA + " blocked card=8 # ours\n"));
}

TEST(TrustFileTest, AddsAtTheEnd) {
  TrustFile file = Parsed("# no line end");
  ASSERT_TRUE(file.Add(NodeA(TrustLevel::kWitnessed)));
  EXPECT_EQ(file.Serialize(), "# no line end\na " + kKeyA + " witnessed\n");
  EXPECT_EQ(*file.FindByIdentity(PublicFrom(kIdentity)), NodeA(TrustLevel::kWitnessed));
}

TEST(TrustFileTest, AddsNoNameAndNoIdentityTwice) {
  TrustFile file = Parsed(kText);
  TrustedNode node = NodeA();
  node.identity = PublicFrom(30);
  EXPECT_EQ(file.Add(node).error().code, ErrorCode::kConflict);
  node = NodeA();
  node.name = "c";
  EXPECT_EQ(file.Add(node).error().code, ErrorCode::kConflict);
  EXPECT_EQ(file.Serialize(), kText);
}

TEST(TrustFileTest, AddsNoNodeThatCouldForgeALine) {
  TrustFile file;
  for (const char* name : {"", "a b", "a\nb", "a#b", "a\tb"}) {
    TrustedNode node = NodeA();
    node.name = name;
    EXPECT_EQ(file.Add(node).error().code, ErrorCode::kInvalid) << name;
  }
  TrustedNode node = NodeA();
  node.revoked = {{"SHA256:x\nb", UtcTime{}}};
  EXPECT_EQ(file.Add(node).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(file.Serialize(), "");
}

TEST(TrustFileTest, RemovesALineAndFindsTheOthers) {
  TrustFile file = Parsed(kText);
  ASSERT_TRUE(file.Remove("a"));
  EXPECT_EQ(file.FindByIdentity(PublicFrom(kIdentity)), nullptr);
  ASSERT_NE(file.FindByName("b"), nullptr);
  EXPECT_EQ(file.FindByName("b")->identity, PublicFrom(20));
  EXPECT_EQ(file.Serialize(), With(kText, "a   " + kKeyA + "\tlogged  card=7 # ours\n", ""));
  ASSERT_TRUE(file.Add(NodeA()));
}

TEST(TrustFileTest, AnEditOfANodeThatIsNotThereFails) {
  TrustFile file = Parsed(kText);
  EXPECT_EQ(file.Remove("c").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(file.SetLevel("c", TrustLevel::kLogged).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(file.SetCardVersion("c", 8).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(file.Revoke("c", {FingerprintFrom(40), UtcTime{}}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(file.Serialize(), kText);
}

TEST(TrustFileTest, ACardVersionNeverSinks) {
  TrustFile file = Parsed(kText);
  EXPECT_EQ(file.SetCardVersion("a", 6).error().code, ErrorCode::kConflict);
  EXPECT_EQ(file.SetCardVersion("a", kMaxCardVersion + 1).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(file.Serialize(), kText);
  EXPECT_TRUE(file.SetCardVersion("a", 7));
  EXPECT_TRUE(file.SetCardVersion("b", 1));
  EXPECT_EQ(file.FindByName("b")->card_version, 1u);
}

TEST(TrustFileTest, RevokesAKeyOnce) {
  TrustFile file = Parsed("a " + kKeyA + " signed # ours\n");
  ASSERT_TRUE(file.Revoke("a", {FingerprintFrom(40), Time("2026-07-01T00:00:00Z")}));
  EXPECT_EQ(file.Serialize(), "a " + kKeyA + " signed revoked=" + FingerprintFrom(40) +
                                  "@2026-07-01T00:00:00.000Z # ours\n");
  EXPECT_EQ(file.Revoke("a", {FingerprintFrom(40), UtcTime{}}).error().code, ErrorCode::kConflict);
  EXPECT_EQ(file.Revoke("a", {FingerprintFrom(kIdentity), UtcTime{}}).error().code,
            ErrorCode::kInvalid);
}

TEST(TrustFileTest, NoEditMakesAFileThatCannotBeReadAgain) {
  TrustFile lines = Parsed(std::string(10'000, '\n'));
  EXPECT_EQ(lines.Add(NodeA()).error().code, ErrorCode::kLimitExceeded);
  const std::string node = "a " + kKeyA + " signed\n";
  TrustFile full =
      Parsed(node + "#" + std::string(kMaxTrustFileBytes - node.size() - 2, ' ') + "\n");
  EXPECT_EQ(full.SetLevel("a", TrustLevel::kWitnessed).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(full.FindByName("a")->level, TrustLevel::kSigned);
  TrustedNode b = NodeA();
  b.name = "b";
  b.identity = PublicFrom(20);
  EXPECT_EQ(full.Add(b).error().code, ErrorCode::kLimitExceeded);
  ASSERT_TRUE(full.Remove("a"));
  EXPECT_TRUE(full.Add(NodeA()));  // what was removed leaves room
}

}  // namespace
}  // namespace plasm::trust
