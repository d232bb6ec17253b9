// Cancelling where nobody waits any more, over real TLS.
#include "client/abandoned_jobs.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <string>
#include <vector>

#include "several_nodes.h"

namespace plasm::client {
namespace {

const std::string kId = "job-00000000-0000-4000-8000-000000000001";

class AbandonedJobsTest : public SeveralNodes {
 protected:
  // Answers these, one request after the other, and then the last again; tells when it has given
  // the last of them.
  KnownNode Answering(std::vector<int> statuses) {
    return Start("a", [this, statuses](net::Exchange& exchange) {
      EXPECT_EQ(exchange.request().path(), "/v1/jobs/" + kId + "/cancel");
      const std::size_t i = std::min(asked_++, statuses.size() - 1);
      Text(exchange, statuses[i], R"({"code":"unavailable","detail":"x"})");
      if (asked_ == statuses.size()) all_.set_value();
    });
  }

  std::atomic<std::size_t> asked_ = 0;
  std::promise<void> all_;
};

TEST_F(AbandonedJobsTest, ANodeIsAskedAtLeastOnceHoweverSoonItEnds) {
  const KnownNode node = Answering({503});
  {
    AbandonedJobs jobs(data_, clock_, entropy_);
    jobs.Cancel(node, kId);
  }
  EXPECT_EQ(asked_, 1u);
}

TEST_F(AbandonedJobsTest, ANodeThatIsAwayIsAskedAgainUntilItAnswers) {
  const KnownNode node = Answering({503, 503, 404});
  AbandonedJobs jobs(data_, clock_, entropy_);
  jobs.Cancel(node, kId);
  all_.get_future().wait();
}

TEST_F(AbandonedJobsTest, WhoHasAnsweredIsNotAskedAgain) {
  const KnownNode node = Answering({404});
  {
    AbandonedJobs jobs(data_, clock_, entropy_);
    jobs.Cancel(node, kId);
    all_.get_future().wait();
  }
  EXPECT_EQ(asked_, 1u);
}

}  // namespace
}  // namespace plasm::client
