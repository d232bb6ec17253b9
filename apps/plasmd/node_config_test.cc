#include "node_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace plasm::app {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string ErrorOf(std::string_view toml) {
  NodeConfig config;
  const auto read = ReadConfig(toml, "node.toml", config);
  return read ? "no error" : read.error().message;
}

TEST(NodeConfigTest, WithoutAFileTheNodeListensOnLoopbackAlone) {
  const NodeConfig config;
  EXPECT_THAT(config.listen, ElementsAre("127.0.0.1:7420"));
  EXPECT_TRUE(CheckConfig(config));
}

TEST(NodeConfigTest, ReadsEveryKindOfValue) {
  NodeConfig config;
  const auto read = ReadConfig(R"(
data-dir = "/var/lib/plasm"
listen = ["0.0.0.0:7420", "[::]:7420"]
workers = 4
signing = "each"
labels = {zone = "north"}
[limits]
memory-bytes = 1_073_741_824
file-nodes = 100
[retention]
jobs = 10
[warm-up]
modules = ["sha256:a"]
recent = 3
)",
                               "node.toml", config);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(config.data_dir, "/var/lib/plasm");
  EXPECT_THAT(config.listen, ElementsAre("0.0.0.0:7420", "[::]:7420"));
  EXPECT_EQ(config.workers, 4u);
  EXPECT_EQ(config.signing, "each");
  EXPECT_EQ(config.labels.at("zone"), "north");
  EXPECT_EQ(config.limits.memory_bytes, 1u << 30);
  EXPECT_EQ(config.limits.file_nodes, 100u);
  EXPECT_EQ(config.retention.jobs, 10u);
  EXPECT_EQ(config.queue, NodeConfig().queue);
  EXPECT_THAT(config.warm_up.modules, ElementsAre("sha256:a"));
  EXPECT_EQ(config.warm_up.recent, 3u);
}

TEST(NodeConfigTest, ModulesToWarmUpAreNamedByTheirDigests) {
  NodeConfig config;
  config.warm_up.modules = {"sha256:" + std::string(64, 'a')};
  EXPECT_TRUE(CheckConfig(config));
  config.warm_up.modules.push_back("hello.wasm");
  EXPECT_THAT(CheckConfig(config).error().message,
              AllOf(HasSubstr("warm-up.modules"), HasSubstr("\"hello.wasm\"")));
  config.warm_up.modules.assign(kMaxWarmModules + 1, config.warm_up.modules.front());
  EXPECT_THAT(CheckConfig(config).error().message, HasSubstr("at most 64"));
  EXPECT_THAT(ErrorOf("[warm-up]\nrecent = 129\n"), HasSubstr("\"warm-up.recent\""));
}

TEST(NodeConfigTest, AMistakeIsNamedWithItsLineAndKey) {
  EXPECT_THAT(
      ErrorOf("workers = 1\nworker = 2\n"),
      AllOf(HasSubstr("node.toml, line 2"), HasSubstr("\"worker\""), HasSubstr("no such key")));
  EXPECT_THAT(ErrorOf("[limits]\n\nmemory = 1\n"),
              AllOf(HasSubstr("line 3"), HasSubstr("\"limits.memory\"")));
  EXPECT_THAT(ErrorOf("workers = \"2\""), HasSubstr("expected a number"));
  EXPECT_THAT(ErrorOf("workers = -1"), HasSubstr("expected a number from 0 on"));
  EXPECT_THAT(ErrorOf("workers = 1.5"), HasSubstr("expected a number"));
  EXPECT_THAT(ErrorOf("workers = 1025"), HasSubstr("0 to 1024"));
  EXPECT_THAT(ErrorOf("signing = \"none\""), HasSubstr("batch or each"));
  EXPECT_THAT(ErrorOf("listen = \"127.0.0.1:1\""), HasSubstr("array of strings"));
  EXPECT_THAT(ErrorOf("listen = [1]"), HasSubstr("expected a string"));
  EXPECT_THAT(ErrorOf("limits = 1"), HasSubstr("expected a table"));
  EXPECT_THAT(ErrorOf("[labels]\na = 1"), HasSubstr("labels.a"));
  EXPECT_THAT(ErrorOf("workers = 1\nworkers = 2"), HasSubstr("line 2"));
  EXPECT_THAT(ErrorOf("workers = "), HasSubstr("line 1"));
}

TEST(NodeConfigTest, AFileWithAMistakeChangesNothing) {
  NodeConfig config;
  EXPECT_FALSE(ReadConfig("queue = 7\nworkers = \"x\"", "node.toml", config));
  EXPECT_EQ(config.queue, NodeConfig().queue);
}

TEST(NodeConfigTest, TheEnvironmentWins) {
  NodeConfig config;
  ASSERT_TRUE(ReadConfig("queue = 7\nworkers = 3", "node.toml", config));
  const auto read = ReadEnvironment(
      [](const char* name) -> const char* {
        if (std::strcmp(name, "PLASM_QUEUE") == 0) return "9";
        if (std::strcmp(name, "PLASM_LISTEN") == 0) return "127.0.0.1:1,[::1]:2";
        if (std::strcmp(name, "PLASM_LIMITS_WALL_TIME_MS") == 0) return "1000";
        return nullptr;
      },
      config);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(config.queue, 9u);
  EXPECT_EQ(config.workers, 3u);
  EXPECT_EQ(config.limits.wall_time_ms, 1000u);
  EXPECT_THAT(config.listen, ElementsAre("127.0.0.1:1", "[::1]:2"));
  const auto wrong = ReadEnvironment(
      [](const char* name) -> const char* {
        return std::strcmp(name, "PLASM_QUEUE") == 0 ? "many" : nullptr;
      },
      config);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, AllOf(HasSubstr("PLASM_QUEUE"), HasSubstr("\"many\"")));
}

TEST(NodeConfigTest, WhatIsPrintedIsReadBackAsTheSame) {
  NodeConfig config;
  config.name = "node \"a\"\n";
  config.labels = {{"zone", "north"}, {"a.b", ""}};
  config.limits.fuel = 5;
  config.endpoints = {"https://a.example:1"};
  const std::string text = PrintConfig(config);
  NodeConfig again;
  const auto read = ReadConfig(text, "printed", again);
  ASSERT_TRUE(read) << read.error().message << "\n" << text;
  EXPECT_EQ(PrintConfig(again), text);
  EXPECT_EQ(again.name, config.name);
  EXPECT_EQ(again.labels, config.labels);
}

TEST(NodeConfigTest, NothingIsSaidToAnybodyUnlessItIsWanted) {
  NodeConfig config;
  EXPECT_TRUE(config.discovery.empty());
  EXPECT_EQ(config.port_mapping, "off");
  ASSERT_TRUE(
      ReadConfig("discovery = ['static', 'dht', 'lan']\n"
                 "dht-bootstrap = ['a.example:6881', '[2001:db8::7]:1']",
                 "node.toml", config));
  EXPECT_TRUE(CheckConfig(config));
  config.dht_bootstrap = {"a.example"};
  EXPECT_FALSE(CheckConfig(config));
  config.dht_bootstrap.clear();
  config.discovery = {"dns"};
  EXPECT_FALSE(CheckConfig(config));
  config.discovery = {"dht"};
  config.dht_listen.clear();
  EXPECT_FALSE(CheckConfig(config));
}

TEST(NodeConfigTest, StrangersAreLetInOnlyWhenItIsWantedAndThenLittle) {
  NodeConfig config;
  EXPECT_EQ(config.policy, "invitation");
  EXPECT_EQ(config.guests.may.quota.running, 1u);
  ASSERT_TRUE(ReadConfig(
      "policy = 'open'\n[guests]\nunfinished = 4\nrunning = 2\nsubmissions = 9\nupload-bytes = 0",
      "node.toml", config));
  EXPECT_EQ(config.policy, "open");
  EXPECT_EQ(config.guests.may.quota.unfinished, 4u);
  EXPECT_EQ(config.guests.may.quota.running, 2u);
  EXPECT_EQ(config.guests.submissions, 9u);
  EXPECT_EQ(config.guests.may.upload_bytes, 0u);
  EXPECT_FALSE(config.guests.may.may_run_live);
  EXPECT_THAT(ErrorOf("policy = 'all'"), HasSubstr("invitation or open"));
  EXPECT_THAT(ErrorOf("[guests]\nlive = 1"), HasSubstr("\"guests.live\""));
}

TEST(NodeConfigTest, EndpointsAreHttpsAddresses) {
  NodeConfig config;
  config.endpoints = {"http://a.example"};
  EXPECT_FALSE(CheckConfig(config));
  config.endpoints = {"unix:/run/x"};
  EXPECT_FALSE(CheckConfig(config));
  config.endpoints = {"https://a.example"};
  EXPECT_TRUE(CheckConfig(config));
}

}  // namespace
}  // namespace plasm::app
