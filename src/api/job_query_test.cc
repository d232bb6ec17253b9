#include "api/job_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace plasm::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(JobQueryTest, ReadsWaitAndInclude) {
  const auto query = JobQuery::Parse({{"wait", "60"}, {"include", "output,receipt"}});
  ASSERT_TRUE(query);
  EXPECT_EQ(query->wait, std::chrono::seconds(60));
  EXPECT_TRUE(query->include.output);
  EXPECT_TRUE(query->include.receipt);
  const auto none = JobQuery::Parse({});
  ASSERT_TRUE(none);
  EXPECT_EQ(none->wait.count(), 0);
  EXPECT_FALSE(none->include.output || none->include.receipt);
}

TEST(JobQueryTest, RefusesEverythingElse) {
  for (const QueryParameters& query : {QueryParameters{{"wait", "61"}},
                                       {{"wait", "-1"}},
                                       {{"wait", ""}},
                                       {{"wait", "1.5"}},
                                       {{"wait", "01"}},
                                       {{"include", ""}},
                                       {{"include", "all"}},
                                       {{"include", "output,"}},
                                       {{"include", "output,output"}},
                                       {{"state", "queued"}},
                                       {{"Wait", "1"}}}) {
    const auto parsed = JobQuery::Parse(query);
    ASSERT_FALSE(parsed) << query[0].first << "=" << query[0].second;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(parsed.error().message, HasSubstr(query[0].first));
  }
  EXPECT_FALSE(ExpectNoParameters({{"x", ""}}));
  EXPECT_TRUE(ExpectNoParameters({}));
}

TEST(JobListQueryTest, ReadsStatesLimitCursorAndAll) {
  const std::string cursor = store::JobCursor{77}.ToText();
  const auto query = JobListQuery::Parse(
      {{"state", "queued,out_of_fuel"}, {"limit", "1000"}, {"cursor", cursor}, {"all", "true"}});
  ASSERT_TRUE(query) << query.error().message;
  EXPECT_THAT(query->states, ElementsAre(store::JobState::kQueued, store::JobState::kOutOfFuel));
  EXPECT_EQ(query->limit, 1000u);
  EXPECT_EQ(query->cursor->before_seq, 77u);
  EXPECT_TRUE(query->all);
  const auto usual = JobListQuery::Parse({});
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->limit, 50u);
  EXPECT_FALSE(usual->all);
}

TEST(JobListQueryTest, RefusesEverythingElse) {
  for (const QueryParameters& query : {QueryParameters{{"state", ""}},
                                       {{"state", "queued,"}},
                                       {{"state", "done"}},
                                       {{"state", "queued,queued"}},
                                       {{"limit", "0"}},
                                       {{"limit", "1001"}},
                                       {{"limit", "18446744073709551617"}},
                                       {{"cursor", ""}},
                                       {{"cursor", "../1"}},
                                       {{"all", ""}},
                                       {{"all", "1"}},
                                       {{"wait", "1"}}}) {
    EXPECT_FALSE(JobListQuery::Parse(query)) << query[0].first << "=" << query[0].second;
  }
}

TEST(JobQueryTest, KnowsJobIdsAndKeys) {
  EXPECT_TRUE(IsJobId("job-1b4e28ba-2fa1-41d2-883f-0016d3cca427"));
  EXPECT_FALSE(IsJobId("job-1B4e28ba-2fa1-41d2-883f-0016d3cca427"));
  EXPECT_FALSE(IsJobId("1b4e28ba-2fa1-41d2-883f-0016d3cca427"));
  EXPECT_FALSE(IsJobId("job-1b4e28ba-2fa1-41d2-883f-0016d3cca427/"));
  EXPECT_FALSE(ParseJobId(""));
  EXPECT_TRUE(ParseIdempotencyKey("!~"));
  EXPECT_TRUE(ParseIdempotencyKey(std::string(128, 'k')));
  for (const std::string& key : {std::string(), std::string(129, 'k'), std::string("a b"),
                                 std::string("\x7f"), std::string("\xc3\xa4")}) {
    EXPECT_FALSE(ParseIdempotencyKey(key)) << key;
  }
}

TEST(EventPositionTest, IsReadBackAsItWasWritten) {
  const EventPosition position{3, UINT64_MAX, 0};
  EXPECT_EQ(position.ToText(), "3-18446744073709551615-0");
  const auto parsed = EventPosition::Parse(position.ToText());
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, position);
}

TEST(EventPositionTest, RefusesEverythingElse) {
  for (const char* text : {"", "1", "1-2", "1-2-3-4", "1-2-", "-1-2-3", "1-2-03", "4294967296-0-0",
                           "1-18446744073709551616-0", "a-b-c", "1-2-3 "}) {
    EXPECT_FALSE(EventPosition::Parse(text)) << text;
  }
}

}  // namespace
}  // namespace plasm::api
