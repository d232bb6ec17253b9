// RunLocally with real workers: what it hides from everybody.
#include "worker/supervisor/local_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <string>

#include "processes.h"
#include "sandbox/testing/guest.h"

namespace plasm::worker {
namespace {

using ::testing::HasSubstr;

// Copies its input to its output, then goes as deep as an optimised frame allows and an
// unoptimised one does not, and writes "end".
Bytes DeepEcho(int depth) {
  std::string mix;
  std::string locals;
  std::string sum = "(local.get 0)";
  for (int i = 1; i <= 24; ++i) {
    const std::string name = std::to_string(i);
    locals += " i64";
    mix += "(local.set " + name + " (i64.mul (i64.add (local.get 0) (i64.const " + name +
           ")) (local.get " + std::to_string(i - 1) + ")))";
    sum = "(i64.xor " + sum + " (local.get " + name + "))";
  }
  return sandbox::testing::Wat(R"((module
    (import "wasi_snapshot_preview1" "fd_write"
      (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 100) "end")
    (func $out (param $from i32) (param $length i32)
      (i32.store (i32.const 0) (local.get $from))
      (i32.store (i32.const 4) (local.get $length))
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
    (func $down (param i64) (result i64) (local)" +
                               locals + R"()
      (if (i64.eqz (local.get 0)) (then (return (i64.const 1))))
      )" + mix + R"(
      (i64.add (i64.mul (call $down (i64.sub (local.get 0) (i64.const 1))) (i64.const 3)) )" +
                               sum + R"())
    (func (export "_start")
      (block $eof (loop $more
        (i32.store (i32.const 0) (i32.const 1000))
        (i32.store (i32.const 4) (i32.const 1000))
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
        (br_if $eof (i32.eqz (i32.load (i32.const 8))))
        (call $out (i32.const 1000) (i32.load (i32.const 8)))
        (br $more)))
      (drop (call $down (i64.const )" +
                               std::to_string(depth) + R"()))
      (call $out (i32.const 100) (i32.const 3)))))");
}

class LocalRunProcessTest : public ::testing::Test {
 protected:
  Result<LocalRun> Run(const Bytes& module, StdinFeed* input, TierChoice tier = TierChoice::kAuto,
                       Profile profile = Profile::kDet1) {
    Executor executor({.worker_program = PLASM_WORKER}, clock_);
    LocalJob job{.module = module, .module_digest = Sha256Of(module), .tier = tier, .request = {}};
    job.request.job.args = {"guest"};
    job.request.job.profile = profile;
    job.request.job.interactive = true;
    job.request.standard_input = input;
    return RunLocally(executor, cache_, compiler_, std::move(job), recorder_);
  }

  // The least depth, more or less, that overflows in the quick tier.
  int DepthBetweenTheTiers() {
    StdinFeed none;
    for (int depth = 1000; depth < 100'000; depth += depth / 8) {
      // A run that must not be repeated shows what the quick tier makes of it.
      const auto ran = Run(DeepEcho(depth), &none, TierChoice::kQuick, Profile::kLive);
      recorder_ = {};
      if (!ran || ran->ending.trap == "stack_overflow") return depth;
    }
    throw std::runtime_error("nothing overflows");
  }

  plasm::testing::TempFolder folder_;
  StillClock clock_;
  ArtefactCache cache_{folder_ / "artefacts", std::uint64_t{1} << 30};
  Compiler compiler_{PLASM_WORKER, cache_, clock_};
  Recorder recorder_;
};

StdinFeed Feed(const std::string& text) {
  return StdinFeed(Bytes(AsBytes(text).begin(), AsBytes(text).end()));
}

TEST_F(LocalRunProcessTest, AnOverflowInTheQuickTierIsHiddenWithItsOutputAndInput) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd out(ends[0]);
  UniqueFd in(ends[1]);
  const int depth = DepthBetweenTheTiers();
  // Input that a second run could not read again from where it came.
  ASSERT_EQ(write(in.get(), "first second ", 13), 13);
  in.Reset();
  StdinFeed feed(out.get());
  const auto ran = Run(DeepEcho(depth), &feed);
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(ran->ending.status, JobStatus::kExited) << ran->ending.trap;
  EXPECT_EQ(ran->tier, Tier::kFull);
  EXPECT_EQ(recorder_.out, "first second end");
  EXPECT_EQ(recorder_.ended, 1);
}

TEST_F(LocalRunProcessTest, AnOverflowInBothTiersIsReportedOnce) {
  StdinFeed feed = Feed("in ");
  const auto ran = Run(DeepEcho(10'000'000), &feed);
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(ran->ending.status, JobStatus::kTrapped);
  EXPECT_EQ(ran->ending.trap, "stack_overflow");
  EXPECT_EQ(ran->tier, Tier::kFull);
  EXPECT_EQ(recorder_.out, "in ");
  EXPECT_EQ(recorder_.ended, 1);
}

TEST_F(LocalRunProcessTest, AnOrdinaryFirstRunStaysInTheQuickTier) {
  StdinFeed feed = Feed("in ");
  const auto ran = Run(DeepEcho(10), &feed);
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(ran->tier, Tier::kQuick);
  EXPECT_EQ(recorder_.out, "in end");
}

// Only what is remembered could be given to a second run.
TEST_F(LocalRunProcessTest, ARunWithMoreInputThanIsRememberedMovesToTheFullTierUnseen) {
  constexpr std::size_t kBytes = 3 * StdinFeed::kMaxRemembered;
  const UniqueFd file(memfd_create("test", MFD_CLOEXEC));
  std::string text;
  while (text.size() < kBytes) text += std::to_string(text.size()) + "\n";
  ASSERT_EQ(write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  ASSERT_EQ(lseek(file.get(), 0, SEEK_SET), 0);
  StdinFeed feed(file.get());
  const auto ran = Run(Example("guests/echo.wasm"), &feed);
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(ran->ending.status, JobStatus::kExited) << ran->ending.message;
  EXPECT_EQ(ran->tier, Tier::kFull);
  EXPECT_TRUE(recorder_.out == text);
  EXPECT_EQ(recorder_.ended, 1);
}

TEST_F(LocalRunProcessTest, AnArtefactThatTheEngineRefusesIsBuiltAnew) {
  const Bytes module = DeepEcho(10);
  const ArtefactKey key{Sha256Of(module), Target::kNative, Tier::kQuick};
  const auto file = cache_.NewFile();
  ASSERT_TRUE(file);
  ASSERT_EQ(write(file->get(), "of another engine", 17), 17);
  ASSERT_TRUE(cache_.Store(key, *file));
  StdinFeed feed = Feed("in ");
  const auto ran = Run(module, &feed);
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(ran->ending.status, JobStatus::kExited) << ran->ending.message;
  EXPECT_EQ(recorder_.out, "in end");
  EXPECT_EQ(recorder_.ended, 1);
}

TEST_F(LocalRunProcessTest, ABadModuleIsAnErrorAndNoJob) {
  StdinFeed none;
  const auto ran = Run(Example("guests/unknown_import.wasm"), &none);
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(ran.error().message, HasSubstr("frobnicate"));
  EXPECT_EQ(recorder_.ended, 0);
}

}  // namespace
}  // namespace plasm::worker
