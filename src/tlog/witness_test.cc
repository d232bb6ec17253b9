#include "tlog/witness.h"

#include <gtest/gtest.h>

#include "base/sha256.h"
#include "tlog/cosignature.h"
#include "tlog/testing/crashing_folder.h"
#include "tlog/testing/keys.h"
#include "tlog/testing/memory_nodes.h"

namespace plasm::tlog {
namespace {

using testing::CrashingFolder;
using testing::Key;
using testing::Loss;
using testing::MemoryNodes;

const std::string kOrigin = "plasm.invalid/log";
constexpr std::uint64_t kTime = 1'790'000'000;

class FixedClock final : public Clock {
 public:
  std::uint64_t RealtimeNs() noexcept override { return kTime * 1'000'000'000 + 999'999'999; }
  std::uint64_t MonotonicNs() noexcept override { return 0; }
  void SleepNs(std::uint64_t) noexcept override {}
};

class WitnessTest : public ::testing::Test {
 protected:
  WitnessTest() : nodes_(testing::Leaves(40)), other_nodes_(OtherLeaves()) {}

  static std::vector<Hash> OtherLeaves() {
    auto leaves = testing::Leaves(40);
    leaves[2] = LeafHash(AsBytes("another history"));
    return leaves;
  }
  Witness Make() {
    auto witness = Witness::Make(folder_, "w.example", key_,
                                 {LogVerifierKey(kOrigin, log_key_.public_key())}, clock_);
    EXPECT_TRUE(witness);
    return *std::move(witness);
  }
  AddCheckpointRequest Request(MemoryNodes& nodes, std::uint64_t from, std::uint64_t to) {
    return {from, *ConsistencyProof(from, to, nodes),
            SignCheckpoint({kOrigin, nodes.HeadAt(to), {}}, log_key_)};
  }
  WitnessStatus Add(const AddCheckpointRequest& request) {
    Witness witness = Make();  // a new one each time: what counts is on disk
    const auto answer = witness.AddCheckpoint(request);
    EXPECT_TRUE(answer) << answer.error().message;
    if (!answer) return WitnessStatus::kBadRequest;
    EXPECT_EQ(answer->cosignature.has_value(), answer->status == WitnessStatus::kCosigned);
    EXPECT_EQ(answer->reason.empty(), answer->status == WitnessStatus::kCosigned);
    return answer->status;
  }
  WitnessStatus Grow(std::uint64_t from, std::uint64_t to) {
    return Add(Request(nodes_, from, to));
  }
  std::string File(const std::string& name) {
    const auto bytes = folder_.Read(Sha256Of(AsBytes(kOrigin)).ToHex() + "/" + name, 100'000);
    return bytes ? std::string(AsText(*bytes)) : "";
  }

  crypto::SigningKey key_ = Key(3);
  crypto::SigningKey log_key_ = Key(1);
  CrashingFolder folder_;
  FixedClock clock_;
  MemoryNodes nodes_;
  MemoryNodes other_nodes_;
};

TEST_F(WitnessTest, CosignsALogThatGrows) {
  Witness witness = Make();
  const AddCheckpointRequest request = Request(nodes_, 0, 7);
  const auto answer = witness.AddCheckpoint(request);
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->status, WitnessStatus::kCosigned);
  Note note = request.checkpoint.note;
  note.signatures.push_back(*answer->cosignature);
  const auto verified = VerifyNote(note, std::vector{witness.verifier()});
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->front().time, kTime);
  EXPECT_EQ(File("checkpoint"), SerializeNote(note));
  EXPECT_EQ(File("last"), request.checkpoint.Serialize());
  EXPECT_EQ(Grow(7, 8), WitnessStatus::kCosigned);
  EXPECT_EQ(Grow(8, 8), WitnessStatus::kCosigned);
  EXPECT_EQ(Grow(8, 33), WitnessStatus::kCosigned);
}

TEST_F(WitnessTest, CosignsTheEmptyTreeButOnlyWithItsRoot) {
  EXPECT_EQ(Grow(0, 0), WitnessStatus::kCosigned);
  EXPECT_EQ(Grow(0, 1), WitnessStatus::kCosigned);
  folder_ = CrashingFolder();
  AddCheckpointRequest bad = Request(nodes_, 0, 0);
  bad.checkpoint = SignCheckpoint({kOrigin, {0, nodes_.HeadAt(1).root}, {}}, log_key_);
  EXPECT_EQ(Add(bad), WitnessStatus::kBadProof);
}

TEST_F(WitnessTest, RefusesASmallerSize) {
  ASSERT_EQ(Grow(0, 7), WitnessStatus::kCosigned);
  Witness witness = Make();
  const auto answer = witness.AddCheckpoint(Request(nodes_, 0, 5));
  EXPECT_EQ(answer->status, WitnessStatus::kOtherSize);
  EXPECT_EQ(answer->last_size, 7U);
  AddCheckpointRequest backwards = Request(nodes_, 0, 5);
  backwards.old_size = 7;
  EXPECT_EQ(Add(backwards), WitnessStatus::kBadRequest);
  EXPECT_EQ(Grow(5, 9), WitnessStatus::kOtherSize);
  EXPECT_EQ(Grow(7, 9), WitnessStatus::kCosigned);
}

TEST_F(WitnessTest, RefusesLogsAndKeysThatItDoesNotKnow) {
  AddCheckpointRequest request = Request(nodes_, 0, 7);
  request.checkpoint = SignCheckpoint({"other.invalid", nodes_.HeadAt(7), {}}, log_key_);
  EXPECT_EQ(Add(request), WitnessStatus::kUnknownLog);
  request.checkpoint = SignCheckpoint({kOrigin, nodes_.HeadAt(7), {}}, Key(2));
  EXPECT_EQ(Add(request), WitnessStatus::kBadSignature);
  request.checkpoint = SignCheckpoint({kOrigin, nodes_.HeadAt(7), {}}, log_key_);
  request.checkpoint.note.signatures[0].signature[0] ^= std::byte{1};
  EXPECT_EQ(Add(request), WitnessStatus::kBadSignature);
}

TEST_F(WitnessTest, KeepsOnlyTheLogsOwnLines) {
  AddCheckpointRequest request = Request(nodes_, 0, 7);
  const std::string own = request.checkpoint.Serialize();
  request.checkpoint.note.signatures.push_back({"stranger", 1, Bytes(1000)});
  EXPECT_EQ(Add(request), WitnessStatus::kCosigned);
  EXPECT_EQ(File("last"), own);
}

TEST_F(WitnessTest, ABadProofIsRefusedAndIsNoEvidence) {
  ASSERT_EQ(Grow(0, 7), WitnessStatus::kCosigned);
  AddCheckpointRequest request = Request(nodes_, 7, 12);
  request.proof.pop_back();
  EXPECT_EQ(Add(request), WitnessStatus::kBadProof);
  request = Request(nodes_, 7, 12);
  request.proof.push_back(EmptyRoot());
  EXPECT_EQ(Add(request), WitnessStatus::kBadProof);
  // Anybody can send a checkpoint that the log has signed, with a proof of his own.
  EXPECT_EQ(File("evidence"), "");
  EXPECT_EQ(Grow(7, 12), WitnessStatus::kCosigned);
}

TEST_F(WitnessTest, TwoRootsAtOneSizeAreKeptAsEvidenceAndEndTheCosigning) {
  ASSERT_EQ(Grow(0, 7), WitnessStatus::kCosigned);
  const AddCheckpointRequest other = Request(other_nodes_, 7, 7);
  EXPECT_EQ(Add(other), WitnessStatus::kEquivocation);
  const std::string evidence = File("evidence");
  EXPECT_NE(evidence.find("origin " + kOrigin + "\nsize 7\n"), std::string::npos);
  EXPECT_NE(evidence.find(other.checkpoint.Serialize()), std::string::npos);
  EXPECT_NE(evidence.find(File("last")), std::string::npos);
  EXPECT_EQ(Grow(7, 9), WitnessStatus::kFrozen);
  EXPECT_EQ(File("evidence"), evidence);
  // The operator has looked into it.
  ASSERT_TRUE(folder_.RemoveFile(Sha256Of(AsBytes(kOrigin)).ToHex() + "/evidence"));
  EXPECT_EQ(Grow(7, 9), WitnessStatus::kCosigned);
}

TEST_F(WitnessTest, TwoRootsAreNoticedWhateverOldSizeIsSaid) {
  ASSERT_EQ(Grow(0, 7), WitnessStatus::kCosigned);
  EXPECT_EQ(Add(Request(other_nodes_, 0, 7)), WitnessStatus::kEquivocation);
}

TEST_F(WitnessTest, ACheckpointThatCommitsToAnotherHistoryIsEvidence) {
  ASSERT_EQ(Grow(0, 7), WitnessStatus::kCosigned);
  EXPECT_EQ(Add(Request(other_nodes_, 7, 12)), WitnessStatus::kEquivocation);
  EXPECT_NE(File("evidence").find("\nproof\n"), std::string::npos);
  EXPECT_EQ(Grow(7, 12), WitnessStatus::kFrozen);
}

TEST_F(WitnessTest, DoesNotTakeDamagedStateForANewLog) {
  ASSERT_EQ(Grow(0, 7), WitnessStatus::kCosigned);
  const std::string last = Sha256Of(AsBytes(kOrigin)).ToHex() + "/last";
  ASSERT_TRUE(folder_.RemoveFile(last));
  ASSERT_TRUE(folder_.CreateFile(last, AsBytes("junk")));
  Witness witness = Make();
  EXPECT_EQ(witness.AddCheckpoint(Request(other_nodes_, 0, 7)).error().code, ErrorCode::kCorrupt);
}

TEST_F(WitnessTest, HasRecordedWhateverItHasCosigned) {
  for (const Loss loss : {Loss::kNothing, Loss::kEverything, Loss::kContents, Loss::kSome}) {
    for (std::size_t steps = 0;; ++steps) {
      folder_ = CrashingFolder();
      ASSERT_EQ(Grow(0, 5), WitnessStatus::kCosigned);
      folder_.CrashAfter(steps);
      Witness witness = Make();
      const auto answer = witness.AddCheckpoint(Request(nodes_, 5, 7));
      if (!folder_.crashed()) break;
      folder_.Restart(loss, steps);
      const auto last = SignedCheckpoint::Parse(AsBytes(File("last")));
      ASSERT_TRUE(last) << last.error().message;
      const std::uint64_t size = last->checkpoint.head.size;
      EXPECT_TRUE(size == 7 || (size == 5 && !answer));
      // And nothing of another history is cosigned afterwards.
      EXPECT_NE(Add(Request(other_nodes_, size, 9)), WitnessStatus::kCosigned);
    }
  }
}

TEST_F(WitnessTest, RefusesANameThatNoLineCanCarry) {
  EXPECT_FALSE(Witness::Make(folder_, "a b", key_, {}, clock_));
  EXPECT_FALSE(Witness::Make(folder_, "", key_, {}, clock_));
}

TEST_F(WitnessTest, ReadsTheRequestThatItWrites) {
  for (const std::uint64_t from : {0U, 7U, 12U}) {
    const AddCheckpointRequest request = Request(nodes_, from, 12);
    const std::string text = request.Serialize();
    const auto read = AddCheckpointRequest::Parse(AsBytes(text));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, request);
    for (const std::string& bad :
         {text.substr(1), "old 01\n\n" + request.checkpoint.Serialize(),
          "old 1\nx\n\n" + request.checkpoint.Serialize(), text + "\n",
          "old 1\n" + request.checkpoint.Serialize(), std::string("old 1\n")}) {
      EXPECT_FALSE(AddCheckpointRequest::Parse(AsBytes(bad)));
    }
  }
}

}  // namespace
}  // namespace plasm::tlog
