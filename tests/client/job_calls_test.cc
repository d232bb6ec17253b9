// Submitting, watching, and the calls about one job.
#include <gmock/gmock.h>

#include <map>
#include <vector>

#include "client/job_submission.h"
#include "client/job_watch.h"
#include "client_fixture.h"
#include "net/event_stream.h"

namespace plasm::client {
namespace {

using ::testing::HasSubstr;

const std::string kId = "job-1b4e28ba-2fa1-41d2-883f-0016d3cca427";
const std::string kOtherId = "job-1b4e28ba-2fa1-41d2-883f-0016d3cca428";

class SubmitTest : public ClientFixture {
 protected:
  SubmitTest() {
    const std::string text = "module";
    EXPECT_TRUE(blobs_.Put(Sha256Of(AsBytes(text)), AsBytes(text)));
    plan_.text = "{manifest}";
    plan_.blobs = {Sha256Of(AsBytes(text))};
    module_ = Sha256Of(AsBytes(text));
  }

  // A node that wants `wanted` before it takes the job.
  void ServeJobs(const std::vector<Sha256Digest>& wanted, const std::string& id = kId) {
    ServeWith([this, wanted, id](net::Exchange& exchange) {
      const net::RequestHead& request = exchange.request();
      calls_.push_back(std::string(request.method()) + " " + request.path());
      if (request.method() == "HEAD") return Text(exchange, 404, "");
      const auto body = exchange.ReadWholeBody(1 << 20);
      if (request.method() == "PUT") {
        stored_.push_back(Sha256Of(*body));
        return Text(exchange, 201, "");
      }
      std::string missing;
      for (const Sha256Digest& digest : wanted) {
        if (std::ranges::find(stored_, digest) != stored_.end()) continue;
        missing += (missing.empty() ? "\"" : ",\"") + digest.ToHex() + "\"";
      }
      if (!missing.empty()) {
        return Text(exchange, 409,
                    R"({"code":"conflict","detail":"blobs","missing":[)" + missing + "]}");
      }
      Text(exchange, 201, JobText(id, Sha256Of(*body), "queued"));
    });
  }

  Result<SubmittedJob> Submit() {
    auto node = Connect();
    return SubmitJob(node, plan_, {.job_id = kId, .idempotency_key = {}}, blobs_);
  }

  BlobStore blobs_{folder_ / "blobs"};
  JobPlan plan_;
  Sha256Digest module_;
  std::vector<Sha256Digest> stored_;
  std::vector<std::string> calls_;
};

TEST_F(SubmitTest, SendsWhatTheNodeDoesNotHave) {
  ServeJobs({module_});
  const auto job = Submit();
  ASSERT_TRUE(job) << job.error().message;
  EXPECT_EQ(job->job.id, kId);
  EXPECT_EQ(stored_, std::vector<Sha256Digest>{module_});
}

TEST_F(SubmitTest, SendsNothingThatTheNodeHas) {
  ServeJobs({});
  ASSERT_TRUE(Submit());
  EXPECT_EQ(calls_, std::vector<std::string>{"POST /v1/jobs"});
}

TEST_F(SubmitTest, NeverSendsAFileThatIsNotTheJobs) {
  const Sha256Digest secret = Sha256Of(AsBytes("another job's secret"));
  ASSERT_TRUE(blobs_.Put(secret, AsBytes("another job's secret")));
  ServeJobs({module_, secret});
  const auto job = Submit();
  ASSERT_FALSE(job);
  EXPECT_EQ(job.error().code, ErrorCode::kDenied);
  EXPECT_THAT(job.error().message, HasSubstr(secret.ToHex()));
  EXPECT_TRUE(stored_.empty());
}

TEST_F(SubmitTest, ANodeThatForgetsWhatItTookIsGivenUp) {
  ServeWith([&](net::Exchange& exchange) {
    if (exchange.request().method() != "POST") return Text(exchange, 200, "");
    Text(exchange, 409,
         R"({"code":"conflict","detail":"blobs","missing":[")" + module_.ToHex() + "\"]}");
  });
  EXPECT_THAT(Submit().error().message, HasSubstr("again"));
}

TEST_F(SubmitTest, AJobOfAnotherNameOrManifestIsNotTakenForIt) {
  ServeJobs({}, kOtherId);
  EXPECT_EQ(Submit().error().code, ErrorCode::kCorrupt);
  ServeWith([](net::Exchange& exchange) {
    Text(exchange, 201, JobText(kId, Sha256Of(AsBytes("another")), "queued"));
  });
  EXPECT_EQ(Submit().error().code, ErrorCode::kCorrupt);
}

class WatchTest : public ClientFixture, public JobWatcher {
 protected:
  struct Event {
    std::string event;
    std::string data;
    std::string id;
  };

  // Connection by connection: what is sent before each is cut.
  void ServeEvents(std::vector<std::vector<Event>> connections) {
    ServeWith([this, connections = std::move(connections)](net::Exchange& exchange) {
      const auto last = *exchange.request().Header("last-event-id");
      last_ids_.emplace_back(last.value_or("none"));
      const std::size_t number = std::min(last_ids_.size(), connections.size()) - 1;
      if (!exchange.BeginStream(200, {{"Content-Type", "text/event-stream"}})) return;
      for (const Event& event : connections[number]) {
        const std::string text = net::FormatServerEvent({event.event, event.data, event.id});
        if (!exchange.Write(AsBytes(text))) return;
      }
    });
  }

  Result<JobDocument> Watch() {
    auto node = Connect();
    return WatchJob(node.session(), kId, progress_, *this);
  }

  Result<void> OnOutput(worker::Stream stream, ByteView bytes) override {
    (stream == worker::Stream::kStdout ? out_ : err_) += AsText(bytes);
    if (!fail_.empty()) return Error{ErrorCode::kUnavailable, fail_};
    return {};
  }
  void OnState(JobState state) override { states_.push_back(state); }
  void OnRestart() override { ++restarts_; }

  static Event Out(const std::string& offset, const std::string& base64, const std::string& id) {
    return {"stdout", R"({"offset":")" + offset + R"(","base64":")" + base64 + "\"}", id};
  }
  static Event End(const std::string& id = kId) {
    return {"end", JobText(id, Sha256Of({}), "exited", R"(,"exitCode":0)"), "1-9-9"};
  }

  OutputProgress progress_;
  std::string out_;
  std::string err_;
  std::string fail_;
  std::vector<JobState> states_;
  std::vector<std::string> last_ids_;
  int restarts_ = 0;
};

TEST_F(WatchTest, TellsStateAndOutputUntilTheEnd) {
  ServeEvents({{{"state", R"({"state":"running"})", "1-0-0"}, Out("0", "aGk=", "1-2-0"), End()}});
  const auto job = Watch();
  ASSERT_TRUE(job) << job.error().message;
  EXPECT_EQ(job->exit_code, 0u);
  EXPECT_EQ(out_, "hi");
  EXPECT_EQ(states_, std::vector<JobState>{JobState::kRunning});
}

TEST_F(WatchTest, GoesOnWhereACutConnectionLeftOff) {
  ServeEvents({{Out("0", "aGk=", "1-2-0")}, {Out("2", "IQ==", "1-3-0"), End()}});
  const auto job = Watch();
  ASSERT_TRUE(job) << job.error().message;
  EXPECT_EQ(out_, "hi!");
  EXPECT_EQ(last_ids_, (std::vector<std::string>{"none", "1-2-0"}));
}

TEST_F(WatchTest, WhatAJobSaysAgainIsNotSaidTwice) {
  ServeEvents(
      {{Out("0", "aGk=", "1-2-0"), {"restart", "{}", "2-0-0"}, Out("0", "aGkh", "2-3-0"), End()}});
  ASSERT_TRUE(Watch());
  EXPECT_EQ(out_, "hi!");
  EXPECT_EQ(restarts_, 1);
}

TEST_F(WatchTest, ANodeCannotPutWordsIntoARequest) {
  ServeEvents({{Out("0", "aGk=", "1 x: y")}, {End()}});
  ASSERT_TRUE(Watch());
  EXPECT_EQ(last_ids_, (std::vector<std::string>{"none", "none"}));
}

TEST_F(WatchTest, TheEndOfAnotherJobIsCorrupt) {
  ServeEvents({{End(kOtherId)}});
  EXPECT_EQ(Watch().error().code, ErrorCode::kCorrupt);
}

TEST_F(WatchTest, AWatcherThatFailsEndsIt) {
  fail_ = "nobody reads";
  ServeEvents({{Out("0", "aGk=", "1-2-0"), End()}});
  EXPECT_EQ(Watch().error().message, "nobody reads");
  EXPECT_EQ(last_ids_.size(), 1u);
}

TEST_F(WatchTest, AStreamThatNeverEndsTheJobIsGivenUp) {
  ServeEvents({{}});
  EXPECT_EQ(Watch().error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(last_ids_.size(), RetryPolicy{}.calls);
}

class JobCallsTest : public ClientFixture {};

TEST_F(JobCallsTest, ListsPageByPage) {
  std::vector<std::string> queries;
  ServeWith([&](net::Exchange& exchange) {
    queries.emplace_back(exchange.request().target());
    const std::string job = JobText(kId, Sha256Of({}), "queued");
    const bool first = !exchange.request().Query("cursor");
    Text(exchange, 200, R"({"jobs":[)" + job + "]" + (first ? R"(,"next":"c1"})" : "}"));
  });
  const auto jobs = Connect().List(
      {.states = {JobState::kQueued, JobState::kRunning}, .limit = 5, .all_clients = false});
  ASSERT_TRUE(jobs) << jobs.error().message;
  EXPECT_EQ(jobs->size(), 2u);
  EXPECT_EQ(queries, (std::vector<std::string>{"/v1/jobs?limit=5&state=queued,running",
                                               "/v1/jobs?limit=4&state=queued,running&cursor=c1"}));
}

TEST_F(JobCallsTest, WaitsAgainUntilTheJobHasEnded) {
  int asked = 0;
  ServeWith([&](net::Exchange& exchange) {
    EXPECT_EQ(exchange.request().Query("wait"), "60");
    Text(exchange, 200, JobText(kId, Sha256Of({}), ++asked < 3 ? "running" : "trapped"));
  });
  const auto job = Connect().WaitUntilEnd(kId);
  ASSERT_TRUE(job) << job.error().message;
  EXPECT_EQ(job->state, JobState::kTrapped);
  EXPECT_EQ(asked, 3);
}

TEST_F(JobCallsTest, AnIdThatIsNoneNeverReachesTheNode) {
  ServeWith([](net::Exchange&) { ADD_FAILURE(); });
  for (const std::string id :
       {"", "job-1", "../node", "job-1b4e28ba-2fa1-41d2-883f-0016d3cca42/"}) {
    EXPECT_EQ(Connect().Show(id).error().code, ErrorCode::kInvalid) << id;
    EXPECT_EQ(Connect().Fetch(id, JobPart::kReceipt).error().code, ErrorCode::kInvalid) << id;
  }
}

}  // namespace
}  // namespace plasm::client
