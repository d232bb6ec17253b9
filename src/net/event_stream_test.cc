#include "net/event_stream.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plasm::net {
namespace {

std::vector<ServerEvent> Read(std::string_view text, std::size_t piece = 1000) {
  EventStreamReader reader;
  std::vector<ServerEvent> all;
  while (!text.empty()) {
    auto events = reader.Feed(AsBytes(text.substr(0, piece)));
    EXPECT_TRUE(events) << events.error().message;
    if (!events) break;
    for (ServerEvent& event : *events) all.push_back(std::move(event));
    text.remove_prefix(std::min(piece, text.size()));
  }
  return all;
}

TEST(EventStreamTest, ReadsEventsHoweverTheyCome) {
  const std::string text =
      "\xef\xbb\xbf: a comment\n\nid: 7\nevent: state\ndata: one\ndata:  two\ndata\n\n"
      "data:x\r\n\r\nevent: no data\n\nfuture: x\ndata: y\n\ndata: not complete\n";
  for (const std::size_t piece : {1u, 2u, 3u, 1000u}) {
    const auto events = Read(text, piece);
    ASSERT_EQ(events.size(), 3u);
    EXPECT_EQ(events[0].event, "state");
    EXPECT_EQ(events[0].data, "one\n two\n");
    EXPECT_EQ(events[0].id, "7");
    EXPECT_EQ(events[1].event, "message");
    EXPECT_EQ(events[1].data, "x");
    EXPECT_EQ(events[1].id, "7");
    EXPECT_EQ(events[2].data, "y");
  }
}

TEST(EventStreamTest, RemembersWhereToGoOn) {
  EventStreamReader reader;
  ASSERT_TRUE(reader.Feed(AsBytes("id: 5\nretry: 100\n\nretry: x\n\nretry: -1\n")));
  EXPECT_EQ(reader.last_event_id(), "5");
  EXPECT_EQ(reader.retry_ms(), 100u);
  ASSERT_TRUE(reader.Feed(AsBytes(std::string_view("id: a\0b\n\n", 9))));
  EXPECT_EQ(reader.last_event_id(), "5");
}

TEST(EventStreamTest, RefusesWhatIsNoText) {
  EXPECT_EQ(EventStreamReader().Feed(AsBytes("data: \xff\n")).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(EventStreamReader().Feed(AsBytes("data: a\rb\n")).error().code, ErrorCode::kCorrupt);
}

TEST(EventStreamTest, AnEventHasALargestSize) {
  EventStreamReader reader(100);
  EXPECT_TRUE(reader.Feed(AsBytes("data: " + std::string(80, 'x') + "\n\n")));
  EXPECT_EQ(reader.Feed(AsBytes("data: " + std::string(100, 'x'))).error().code,
            ErrorCode::kLimitExceeded);
  EventStreamReader lines(100);
  std::string many;
  for (int i = 0; i < 100; ++i) many += "data: x\n";
  EXPECT_EQ(lines.Feed(AsBytes(many)).error().code, ErrorCode::kLimitExceeded);
}

TEST(EventStreamTest, WhatIsFormattedComesBack) {
  for (const ServerEvent& event :
       {ServerEvent{"state", "a\nb\n", "9"}, ServerEvent{"message", "", ""},
        ServerEvent{"message", "{\"x\":1}", "id"}}) {
    const auto events = Read(FormatServerEvent(event));
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].event, event.event);
    EXPECT_EQ(events[0].data, event.data);
    EXPECT_EQ(events[0].id, event.id);
  }
}

}  // namespace
}  // namespace plasm::net
