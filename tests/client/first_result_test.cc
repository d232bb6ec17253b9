// One job on several nodes, over real TLS: nodes that fail, lie, are slow and are silent.
#include "client/first_result.h"

#include <gmock/gmock.h>
#include <sys/eventfd.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>

#include "base/base64.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "home/job_files.h"
#include "net/event_stream.h"
#include "receipt/receipt_v2.h"
#include "receipt/testing/examples.h"
#include "several_nodes.h"

namespace plasm::client {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kId = "job-00000000-0000-4000-8000-000000000001";

// What a node does with a job that it has taken.
enum class Deed { kEndsIt, kLies, kFails, kNeverEnds };

class FirstResultTest : public SeveralNodes {
 protected:
  FirstResultTest() {
    level_ = trust::TrustLevel::kSigned;
    plan_.manifest = receipt::testing::ExampleManifest();
    plan_.text = receipt::SerializeManifest(plan_.manifest);
  }

  // The first that is made is the least busy one.
  KnownNode Node(const std::string& name, Deed deed) {
    const std::string status = StatusText(made_++);
    return Start(name, [this, name, deed, status](net::Exchange& exchange) {
      Serve(exchange, name, deed, status);
    });
  }

  Result<FirstResult> Run(const std::vector<KnownNode>& nodes,
                          std::optional<std::chrono::nanoseconds> hedge = {},
                          int interrupt_fd = -1) {
    return RunOnFirst(data_, nodes, plan_, kId,
                      {.hedge = hedge,
                       .interrupt_fd = interrupt_fd,
                       .say = [this](const std::string& line) { said_ += line + "\n"; }},
                      clock_, entropy_);
  }

  std::string RecordedNode() const { return home::JobFiles(data_, kId).Node()->value_or(""); }
  std::vector<std::string> Submitted() { return Locked(submitted_); }
  std::vector<std::string> Cancelled() { return Locked(cancelled_); }

  JobPlan plan_;
  std::string said_;

 private:
  std::vector<std::string> Locked(const std::vector<std::string>& names) {
    const std::lock_guard lock(mutex_);
    return names;
  }
  void Note(std::vector<std::string>& names, const std::string& name) {
    const std::lock_guard lock(mutex_);
    names.push_back(name);
  }

  std::string JobText(const std::string& state) const {
    return R"({"id":")" + kId + R"(","state":")" + state + R"(","client":"c","manifest":")" +
           receipt::ManifestDigest(AsBytes(plan_.text)).ToHex() +
           R"(","submitted":"2026-07-01T00:00:00Z","attempts":1})";
  }

  std::string Receipt(const std::string& name, Deed deed) const {
    receipt::Statement statement = receipt::testing::ExampleStatement();
    statement.job.id = kId;
    statement.observed.start = trust::testing::Time("2026-07-01T10:00:00.000Z");
    statement.observed.end = trust::testing::Time("2026-07-01T10:00:00.125Z");
    statement.node.identity = IdentityOf(name);
    statement.node.key = trust::testing::FingerprintFrom(trust::testing::kReceiptKey);
    if (deed == Deed::kLies) {  // about what it has written
      statement.stdout_subject.digest = receipt::testing::DigestOf("abc");
      statement.result_digest = receipt::ResultDigest(statement);
    }
    return receipt::SerializeEnvelope(
        receipt::SignEnvelope(std::string(receipt::kReceiptPayloadType),
                              receipt::testing::ToBytes(receipt::SerializeStatement(statement)),
                              trust::testing::KeyFrom(trust::testing::kReceiptKey)));
  }

  static void Stream(net::Exchange& exchange, const std::vector<net::ServerEvent>& events) {
    if (!exchange.BeginStream(200, {{"Content-Type", "text/event-stream"}})) return;
    for (const auto& event : events) {
      if (!exchange.Write(AsBytes(net::FormatServerEvent(event)))) return;
    }
  }

  void Serve(net::Exchange& exchange, const std::string& name, Deed deed,
             const std::string& status) {
    const std::string path(exchange.request().path());
    const auto body = exchange.ReadWholeBody(1 << 20);
    if (path == "/v1/node/status") return Text(exchange, 200, status);
    if (path == "/v1/offers") {
      return Text(
          exchange, 200,
          R"({"Accepted":{"job_id":")" + kId + R"(","estimated_start":1,"node_peer_id":"x"}})");
    }
    if (path == "/v1/jobs") {
      EXPECT_EQ(AsText(*body), plan_.text) << "each gets the same manifest";
      EXPECT_EQ(*exchange.request().Header("plasm-job-id"), kId);
      Note(submitted_, name);
      return Text(exchange, 201, JobText("queued"));
    }
    if (path.ends_with("/cancel")) {
      Note(cancelled_, name);
      return Text(exchange, 200, JobText("running"));
    }
    if (path.ends_with("/receipt")) return Text(exchange, 200, Receipt(name, deed));
    if (path.ends_with("/events")) {
      if (deed == Deed::kNeverEnds) {  // the client comes again, and again
        return Stream(exchange, {{"state", R"({"state":"running"})", "1-0-0"}});
      }
      const std::string out = EncodeBase64(AsBytes("out"));
      return Stream(exchange,
                    {{"stdout", R"({"offset":"0","base64":")" + out + "\"}", "1-3-0"},
                     {"end", JobText(deed == Deed::kFails ? "failed" : "exited"), "1-3-0"}});
    }
    Text(exchange, 404, R"({"code":"not_found","detail":"nothing here"})");
  }

  std::uint64_t made_ = 0;
  std::mutex mutex_;
  std::vector<std::string> submitted_;
  std::vector<std::string> cancelled_;
};

TEST_F(FirstResultTest, TheLeastBusyNodeGivesItAndNobodyElseGetsTheJob) {
  const auto result = Run({Node("a", Deed::kEndsIt), Node("b", Deed::kEndsIt)});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->node.name, "a");
  EXPECT_EQ(AsText(result->standard_output), "out");
  EXPECT_EQ(result->judged.verification.verdict, receipt::Verdict::kValid);
  EXPECT_TRUE(std::filesystem::exists(result->judged.receipt));
  EXPECT_EQ(Submitted(), std::vector<std::string>{"a"});
  EXPECT_THAT(Cancelled(), IsEmpty());
  EXPECT_EQ(said_, "");
}

TEST_F(FirstResultTest, WhenANodeFailsTheNextGetsTheSameJob) {
  {
    const auto result = Run({Node("a", Deed::kFails), Node("b", Deed::kEndsIt)});
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->node.name, "b");
  }
  EXPECT_EQ(Submitted(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(Cancelled(), std::vector<std::string>{"a"});
  EXPECT_EQ(RecordedNode(), "b");
  EXPECT_THAT(said_, HasSubstr("a: the node could not run the job"));
  EXPECT_THAT(said_, HasSubstr("going on with b"));
}

TEST_F(FirstResultTest, ALieIsKeptAsEvidenceAndNeverGivenAsTheResult) {
  const auto result = Run({Node("a", Deed::kLies), Node("b", Deed::kEndsIt)});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->node.name, "b");
  EXPECT_EQ(AsText(result->standard_output), "out");
  EXPECT_THAT(said_, HasSubstr("WRONG_OUTPUT"));
  const auto lie = ReadFile(data_.receipts() / (kId + ".refused-1.json"), 1 << 20);
  ASSERT_TRUE(lie);
  EXPECT_NE(*lie, *ReadFile(result->judged.receipt, 1 << 20));
}

TEST_F(FirstResultTest, ASecondNodeOvertakesASlowOne) {
  {
    const auto result = Run({Node("slow", Deed::kNeverEnds), Node("quick", Deed::kEndsIt)},
                            std::chrono::milliseconds(1));
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->node.name, "quick");
    EXPECT_EQ(AsText(result->standard_output), "out");
  }
  EXPECT_EQ(Cancelled(), std::vector<std::string>{"slow"});
  EXPECT_EQ(RecordedNode(), "quick");
  EXPECT_THAT(said_, HasSubstr("slow takes longer than usual"));
}

TEST_F(FirstResultTest, ASecondNodeThatFailsLeavesTheFirstAtIt) {
  const UniqueFd interrupt(eventfd(0, EFD_CLOEXEC));
  const std::vector<KnownNode> nodes{Node("slow", Deed::kNeverEnds), Node("bad", Deed::kFails)};
  std::jthread ending([&] {
    while (Cancelled().empty()) std::this_thread::yield();
    EXPECT_EQ(eventfd_write(interrupt.get(), 1), 0);
  });
  const auto result = Run(nodes, std::chrono::milliseconds(1), interrupt.get());
  ASSERT_FALSE(result);
  EXPECT_EQ(Cancelled(), std::vector<std::string>{"bad"});
  EXPECT_THAT(result.error().message, HasSubstr("may go on on slow"));
}

TEST_F(FirstResultTest, WhenNoneGivesAResultEachIsNamed) {
  const auto result =
      Run({Node("a", Deed::kFails), Node("b", Deed::kLies), Node("c", Deed::kFails)});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(Submitted(), (std::vector<std::string>{"a", "b", "c"}));
  for (const char* name : {"a: ", "b: ", "c: "}) EXPECT_THAT(said_, HasSubstr(name));
  EXPECT_THAT(result.error().message, HasSubstr("no node gave a valid result"));
  EXPECT_FALSE(std::filesystem::exists(home::JobFiles(data_, kId).receipt()));
}

TEST_F(FirstResultTest, AStrangersResultIsOneButNotAValidOne) {
  KnownNode node = Node("SHA256:x", Deed::kEndsIt);
  const trust::TrustFile trusted = store_.Load()->state.file();
  node.shown = *store_.Load()->state.CardOf(trusted.FindByName("SHA256:x")->identity);
  ASSERT_TRUE(store_.Remove("SHA256:x"));
  const auto result = Run({node});
  // Its word counts as that of a logged node, and there is no proof here.
  ASSERT_FALSE(result);
  EXPECT_THAT(said_, HasSubstr("NOT_LOGGED"));
}

TEST_F(FirstResultTest, WhoeverIsInterruptedIsToldWhereTheJobGoesOn) {
  const UniqueFd interrupt(eventfd(0, EFD_CLOEXEC));
  const KnownNode node = Node("a", Deed::kNeverEnds);
  std::jthread ending([&] {
    while (Submitted().empty()) std::this_thread::yield();
    EXPECT_EQ(eventfd_write(interrupt.get(), 1), 0);
  });
  const auto result = Run({node}, {}, interrupt.get());
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("let go of " + kId + ", which may go on on a"));
  EXPECT_THAT(Cancelled(), Not(Contains("a")));
}

}  // namespace
}  // namespace plasm::client
