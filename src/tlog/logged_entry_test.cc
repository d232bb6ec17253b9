#include "tlog/logged_entry.h"

#include <gtest/gtest.h>

#include <limits>

#include "tlog/cosignature.h"
#include "tlog/proof_file.h"
#include "tlog/testing/keys.h"
#include "tlog/testing/memory_nodes.h"

namespace plasm::tlog {
namespace {

using testing::Key;

constexpr std::uint64_t kNow = 1'790'000'000;
const std::string kOrigin = "plasm.invalid/0123";

class LoggedEntryTest : public ::testing::Test {
 protected:
  LoggedEntryTest() : nodes_(testing::Leaves(11)) {
    file_.index = 6;
    file_.hashes = *InclusionProof(6, 11, nodes_);
    file_.checkpoint = SignCheckpoint({kOrigin, nodes_.HeadAt(11), {}}, Key(1));
  }

  void AddCosignature(unsigned char seed, std::uint64_t time = kNow,
                      const std::string& name = "w.example") {
    file_.checkpoint.note.signatures.push_back(
        Cosign(file_.checkpoint.note.text, name, Key(seed), time));
  }

  static Policy PolicyOf(const std::string& text) {
    auto policy = Policy::Parse(AsBytes(text));
    EXPECT_TRUE(policy) << policy.error().message;
    return *policy;
  }
  static std::string Witness(const std::string& name, unsigned char seed) {
    return "witness " + name + " " +
           VerifierKey{"w.example", SignatureType::kCosignature, Key(seed).public_key()}.ToText() +
           "\n";
  }
  static std::string Log(const std::string& name, unsigned char seed) {
    return "log " + LogVerifierKey(name, Key(seed).public_key()).ToText() + "\n";
  }

  LoggedEntryCheck Check(const Policy* policy = nullptr, std::uint64_t now = kNow) const {
    return CheckLoggedEntry(AsBytes("leaf 6"), AsBytes(file_.Serialize()), log_, policy, now);
  }
  LoggedEntryStatus StatusWith(const std::string& policy, std::uint64_t now = kNow) const {
    const Policy parsed = PolicyOf(policy);
    return Check(&parsed, now).status;
  }

  testing::MemoryNodes nodes_;
  ProofFile file_;
  ExpectedLog log_{kOrigin, {Key(1).public_key()}};
};

TEST_F(LoggedEntryTest, FindsAnEntryInItsLog) {
  const auto check = Check();
  EXPECT_EQ(check.status, LoggedEntryStatus::kLogged) << check.reason;
  EXPECT_EQ(check.index, 6U);
  EXPECT_EQ(check.head, nodes_.HeadAt(11));
  EXPECT_EQ(check.log_key, Key(1).public_key());
}

TEST_F(LoggedEntryTest, RefusesAnotherEntryIndexOrHash) {
  EXPECT_EQ(
      CheckLoggedEntry(AsBytes("leaf 7"), AsBytes(file_.Serialize()), log_, nullptr, kNow).status,
      LoggedEntryStatus::kBadLogProof);
  file_.index = 7;
  EXPECT_EQ(Check().status, LoggedEntryStatus::kBadLogProof);
  file_.index = 11;
  EXPECT_EQ(Check().status, LoggedEntryStatus::kBadLogProof);
  file_.index = 6;
  file_.hashes.push_back(EmptyRoot());
  EXPECT_EQ(Check().status, LoggedEntryStatus::kBadLogProof);
  file_.hashes.resize(3);
  const auto check = Check();
  EXPECT_EQ(check.status, LoggedEntryStatus::kBadLogProof);
  EXPECT_FALSE(check.reason.empty());
}

TEST_F(LoggedEntryTest, RefusesAnotherOrigin) {
  log_.origin = "plasm.invalid/4567";
  EXPECT_EQ(Check().status, LoggedEntryStatus::kBadLogProof);
  // Also when the expected log's key has signed for another origin, under either name.
  log_.origin = kOrigin;
  file_.checkpoint = SignCheckpoint({"plasm.invalid/4567", nodes_.HeadAt(11), {}}, Key(1));
  EXPECT_EQ(Check().status, LoggedEntryStatus::kBadLogProof);
  file_.checkpoint.note.signatures = {SignNote(file_.checkpoint.note.text, kOrigin, Key(1))};
  EXPECT_EQ(Check().status, LoggedEntryStatus::kBadLogProof);
}

TEST_F(LoggedEntryTest, RefusesTheSameNameWithAnotherKey) {
  file_.checkpoint = SignCheckpoint({kOrigin, nodes_.HeadAt(11), {}}, Key(2));
  EXPECT_EQ(Check().status, LoggedEntryStatus::kBadLogProof);
}

TEST_F(LoggedEntryTest, TakesAnyOfSeveralLogKeys) {
  log_.keys = {Key(5).public_key(), Key(1).public_key()};
  EXPECT_EQ(Check().log_key, Key(1).public_key());
  log_.keys.clear();
  EXPECT_EQ(Check().status, LoggedEntryStatus::kBadLogProof);
}

TEST_F(LoggedEntryTest, TheLogMustBeOneThatThePolicyLists) {
  EXPECT_EQ(StatusWith(Log(kOrigin, 1) + "quorum none\n"), LoggedEntryStatus::kLogged);
  EXPECT_EQ(StatusWith(Log("other", 9) + Log(kOrigin, 1) + "quorum none\n"),
            LoggedEntryStatus::kLogged);
  EXPECT_EQ(StatusWith(Log(kOrigin, 2) + "quorum none\n"), LoggedEntryStatus::kBadLogProof);
  EXPECT_EQ(StatusWith(Log("other", 1) + "quorum none\n"), LoggedEntryStatus::kBadLogProof);
  // What the policy lists does not make up for what is expected.
  file_.checkpoint = SignCheckpoint({kOrigin, nodes_.HeadAt(11), {}}, Key(2));
  EXPECT_EQ(StatusWith(Log(kOrigin, 2) + "quorum none\n"), LoggedEntryStatus::kBadLogProof);
}

TEST_F(LoggedEntryTest, AsksForTheQuorum) {
  const std::string two = Witness("a", 11) + Witness("b", 12) + "group g 2 a b\nquorum g\n";
  EXPECT_EQ(StatusWith(two), LoggedEntryStatus::kNotWitnessed);
  AddCosignature(11);
  EXPECT_EQ(StatusWith(two), LoggedEntryStatus::kNotWitnessed);
  AddCosignature(12);
  const Policy policy = PolicyOf(two);
  const auto check = Check(&policy);
  EXPECT_EQ(check.status, LoggedEntryStatus::kLogged);
  EXPECT_EQ(check.cosigners, (std::vector<std::string>{"a", "b"}));
}

TEST_F(LoggedEntryTest, OneKeyCountsOnceHoweverOftenItHasCosigned) {
  const std::string two = Witness("a", 11) + Witness("b", 12) + "group g 2 a b\nquorum g\n";
  AddCosignature(11, kNow);
  AddCosignature(11, kNow - 1);
  AddCosignature(11, kNow, "other.example");
  EXPECT_EQ(StatusWith(two), LoggedEntryStatus::kNotWitnessed);
}

TEST_F(LoggedEntryTest, CosignaturesFromTheFutureDoNotCount) {
  const std::string one = Witness("a", 11) + "quorum a\n";
  AddCosignature(11, kNow + 301);
  EXPECT_EQ(StatusWith(one), LoggedEntryStatus::kNotWitnessed);
  EXPECT_EQ(StatusWith(one, kNow + 1), LoggedEntryStatus::kLogged);
  EXPECT_EQ(StatusWith(one, std::numeric_limits<std::uint64_t>::max()), LoggedEntryStatus::kLogged);
}

TEST_F(LoggedEntryTest, AWitnessLineThatDoesNotVerifySpoilsTheNote) {
  AddCosignature(11);
  file_.checkpoint.note.signatures.back().signature.back() ^= std::byte{1};
  EXPECT_EQ(Check().status, LoggedEntryStatus::kLogged);  // nobody is known by that name
  EXPECT_EQ(StatusWith(Witness("a", 11) + "quorum none\n"), LoggedEntryStatus::kBadLogProof);
}

TEST_F(LoggedEntryTest, AWitnessKeyIsNoLogKey) {
  const std::string one = Witness("a", 11) + "quorum a\n";
  file_.checkpoint.note.signatures.clear();
  AddCosignature(11);
  EXPECT_EQ(StatusWith(one), LoggedEntryStatus::kBadLogProof);
}

TEST_F(LoggedEntryTest, RefusesProofsInAnotherForm) {
  EXPECT_EQ(CheckLoggedEntry(AsBytes("leaf 6"), AsBytes("junk"), log_, nullptr, kNow).status,
            LoggedEntryStatus::kBadLogProof);
  EXPECT_EQ(CheckLoggedEntry(AsBytes("leaf 6"), {}, log_, nullptr, kNow).status,
            LoggedEntryStatus::kBadLogProof);
}

}  // namespace
}  // namespace plasm::tlog
