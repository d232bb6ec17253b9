#include "api/router.h"

#include <gtest/gtest.h>

#include <vector>

namespace plasm::api {
namespace {

std::optional<RouteMatch> Find(std::vector<std::string> segments) {
  static std::vector<std::string> kept;  // what the match points into
  kept = std::move(segments);
  return FindRoute(kept);
}

TEST(RouterTest, TheTableIsInTheOrderOfTheRoutes) {
  for (std::size_t i = 0; i < kRoutes; ++i) {
    EXPECT_EQ(static_cast<std::size_t>(RouteTable()[i].route), i);
  }
}

TEST(RouterTest, FindsPathsAndTheirParameter) {
  EXPECT_EQ(Find({"healthz"})->row->route, Route::kHealth);
  EXPECT_EQ(Find({"v1", "jobs"})->row->route, Route::kJobs);
  const auto job = Find({"v1", "jobs", "job-1"});
  EXPECT_EQ(job->row->route, Route::kJob);
  EXPECT_EQ(job->parameter, "job-1");
  EXPECT_EQ(Find({"v1", "jobs", "x", "cancel"})->row->route, Route::kCancel);
  EXPECT_EQ(Find({"v1", "node"})->row->route, Route::kNodeCard);
  EXPECT_EQ(Find({"v1", "node", "status"})->row->route, Route::kNodeStatus);
  EXPECT_EQ(Find({"log-2", "checkpoint"})->row->route, Route::kLogFile);
}

TEST(RouterTest, FindsNothingElse) {
  for (const auto& segments :
       std::vector<std::vector<std::string>>{{},
                                             {"v1"},
                                             {"v2", "jobs"},
                                             {"v1", "jobs", "x", "cancel", "y"},
                                             {"v1", "jobs", "x", "y"},
                                             {"Healthz"},
                                             {"healthz", "x"},
                                             {"v1", "blobs"},
                                             {"v1/jobs"},
                                             {"log"},
                                             {"{log}", ""},
                                             {"log", "tile", "0", "identity.key"}}) {
    EXPECT_FALSE(FindRoute(segments));
  }
}

TEST(RouterTest, KnowsTheMethodsOfAPath) {
  const RouteRow& blob = *Find({"v1", "blobs", "x"})->row;
  EXPECT_TRUE(Allows(blob, "GET") && Allows(blob, "HEAD") && Allows(blob, "PUT"));
  EXPECT_FALSE(Allows(blob, "POST") || Allows(blob, "get") || Allows(blob, "") ||
               Allows(blob, "GET, HEAD") || Allows(blob, "DELETE"));
  EXPECT_FALSE(Allows(*Find({"v1", "execute"})->row, "GET"));
}

TEST(RouterTest, OnlyWhatSpeaksOfTheNodeItselfIsForEverybody) {
  for (const RouteRow& row : RouteTable()) {
    const bool open = row.route == Route::kHealth || row.route == Route::kReadiness ||
                      row.route == Route::kDescription || row.route == Route::kNodeCard ||
                      row.route == Route::kLogFile;
    EXPECT_EQ(row.needs == Needs::kNothing, open) << row.path;
  }
}

}  // namespace
}  // namespace plasm::api
