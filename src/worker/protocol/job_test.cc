#include "worker/protocol/job.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>

#include "base/sha256.h"
#include "worker/protocol/messages.h"

namespace plasm::worker {
namespace {

Job Everything() {
  Job job;
  job.profile = Profile::kLive;
  job.interactive = true;
  job.start_time_ns = std::numeric_limits<std::uint64_t>::max();
  for (std::size_t i = 0; i < job.seed.size(); ++i) job.seed[i] = static_cast<std::byte>(i);
  job.limits = {.memory_bytes = 1, .fuel = 2, .output_bytes = 3, .file_bytes = 4, .file_nodes = 5};
  job.args = {"program", "", std::string("\0\xff", 2)};
  job.env = {"A=B", "EMPTY="};
  job.folders = {{"/data",
                  {{.kind = EntryKind::kDirectory, .path = "a", .target = {}},
                   {.kind = EntryKind::kFile, .path = "a/f", .offset = 6, .size = 7, .target = {}},
                   {.kind = EntryKind::kSymlink, .path = "l", .target = "../../etc"}}},
                 {"/", {}}};
  job.outputs = {"/data/out"};
  return job;
}

TEST(JobTest, EveryFieldSurvivesTheWay) {
  const Job job = Everything();
  const auto decoded = DecodeJob(EncodeJob(job));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->profile, job.profile);
  EXPECT_EQ(decoded->interactive, job.interactive);
  EXPECT_EQ(decoded->start_time_ns, job.start_time_ns);
  EXPECT_EQ(decoded->seed, job.seed);
  EXPECT_EQ(decoded->limits.memory_bytes, 1u);
  EXPECT_EQ(decoded->limits.fuel, 2u);
  EXPECT_EQ(decoded->limits.output_bytes, 3u);
  EXPECT_EQ(decoded->limits.file_bytes, 4u);
  EXPECT_EQ(decoded->limits.file_nodes, 5u);
  EXPECT_EQ(decoded->args, job.args);
  EXPECT_EQ(decoded->env, job.env);
  ASSERT_EQ(decoded->folders.size(), 2u);
  EXPECT_EQ(decoded->folders[0].guest_path, "/data");
  ASSERT_EQ(decoded->folders[0].entries.size(), 3u);
  EXPECT_EQ(decoded->folders[0].entries[1].path, "a/f");
  EXPECT_EQ(decoded->folders[0].entries[1].offset, 6u);
  EXPECT_EQ(decoded->folders[0].entries[1].size, 7u);
  EXPECT_EQ(decoded->folders[0].entries[2].kind, EntryKind::kSymlink);
  EXPECT_EQ(decoded->folders[0].entries[2].target, "../../etc");
  EXPECT_EQ(decoded->outputs, job.outputs);
  EXPECT_EQ(EncodeJob(*decoded), EncodeJob(job));
}

// Two builds that differ here must not work with each other.
TEST(JobTest, AChangeOfTheEncodingRaisesTheVersion) {
  EXPECT_EQ(std::pair(kProtocolVersion, Sha256Of(EncodeJob(Everything())).ToHex()),
            std::pair(3u, std::string(
                              "e3bc06d33c1a724108f09086fc77a05201f8c4f2c7147bcf11b6d99821c09c62")));
}

TEST(JobTest, TheDefaultsSurviveTheWay) {
  EXPECT_EQ(EncodeJob(*DecodeJob(EncodeJob({}))), EncodeJob({}));
}

TEST(JobTest, RefusesEveryTruncationAndEveryByteTooMany) {
  Bytes bytes = EncodeJob(Everything());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto decoded = DecodeJob(ByteView(bytes).first(length));
    ASSERT_FALSE(decoded) << length;
    EXPECT_EQ(decoded.error().code, ErrorCode::kCorrupt);
  }
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(DecodeJob(bytes));
}

TEST(JobTest, RefusesUnknownProfilesFlagsAndKinds) {
  Bytes bytes = EncodeJob(Everything());
  bytes[0] = std::byte{2};
  EXPECT_FALSE(DecodeJob(bytes));
  bytes[0] = std::byte{1};
  bytes[1] = std::byte{2};
  EXPECT_FALSE(DecodeJob(bytes));
  bytes[1] = std::byte{1};
  EXPECT_TRUE(DecodeJob(bytes));

  Job job;
  job.folders = {{"/", {{.kind = static_cast<EntryKind>(3), .path = "x", .target = {}}}}};
  EXPECT_FALSE(DecodeJob(EncodeJob(job)));
}

// Every count, replaced by one that cannot be there: refused before memory is reserved, or
// this test would not end.
TEST(JobTest, RefusesCountsThatLie) {
  const Bytes good = EncodeJob({});
  const std::size_t counts = good.size() - 16;  // args, env, folders, outputs
  for (std::size_t at = counts; at < good.size(); at += 4) {
    for (const unsigned value : {1u, 0xffu}) {
      Bytes bytes = good;
      bytes[at] = static_cast<std::byte>(value);
      EXPECT_FALSE(DecodeJob(bytes)) << at;
      bytes[at + 3] = std::byte{0xff};
      EXPECT_FALSE(DecodeJob(bytes)) << at;
    }
  }
}

}  // namespace
}  // namespace plasm::worker
