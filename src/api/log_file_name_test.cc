#include "api/log_file_name.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plasm::api {
namespace {

using Segments = std::vector<std::string>;

TEST(LogFileNameTest, KnowsTheLayout) {
  const auto checkpoint = LogFileOf(Segments{"log", "checkpoint"});
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->kind, LogFileKind::kCheckpoint);
  const auto tile = LogFileOf(Segments{"log-2", "tile", "1", "x001", "x234", "067"});
  ASSERT_TRUE(tile);
  EXPECT_EQ(tile->kind, LogFileKind::kTile);
  EXPECT_EQ(tile->log, "log-2");
  EXPECT_EQ(tile->path, "tile/1/x001/x234/067");
  const auto partial = LogFileOf(Segments{"log", "tile", "entries", "000.p", "255"});
  ASSERT_TRUE(partial);
  EXPECT_EQ(partial->kind, LogFileKind::kPartial);
  EXPECT_EQ(partial->path, "tile/entries/000.p/255");
}

TEST(LogFileNameTest, KnowsNoOtherName) {
  for (const Segments& segments : std::vector<Segments>{
           {},
           {"log"},
           {"log", "checkpoint", "checkpoint"},
           {"log", ".lock"},
           {"log-1", "checkpoint"},
           {"log-02", "checkpoint"},
           {"log-1000000", "checkpoint"},
           {"log-2.old", "checkpoint"},
           {"blobs", "checkpoint"},
           {"log", "tile"},
           {"log", "tile", "0"},
           {"log", "tile", "0", ".."},
           {"log", "tile", "..", "000"},
           {"log", "tile", "64", "000"},
           {"log", "tile", "00", "000"},
           {"log", "tile", "0", "0000"},
           {"log", "tile", "0", "x000"},
           {"log", "tile", "0", "x000", "001"},
           {"log", "tile", "0", "001", "000"},
           {"log", "tile", "0", "000.p"},
           {"log", "tile", "0", "000.p", "0"},
           {"log", "tile", "0", "000.p", "256"},
           {"log", "tile", "0", "000.p", "01"},
           {"log", "tile", "0", "000.p", "1", "1"},
           {"log", "tile", "0", "000", "1"},
           {"log", "tile", "0", std::string("00\0", 3)},
           {"log", "tile", "0", "x1", "x1", "x1", "x1", "x1", "x1", "x1", "001"}}) {
    std::string shown;
    for (const std::string& segment : segments) shown += "/" + segment;
    EXPECT_FALSE(LogFileOf(segments)) << shown;
  }
}

}  // namespace
}  // namespace plasm::api
