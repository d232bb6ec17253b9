// plasm-worker against a supervisor that this test plays itself.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "processes.h"
#include "worker/supervisor/worker_process.h"

namespace plasm::worker {
namespace {

class RunLoopTest : public ::testing::Test {
 protected:
  RunLoopTest()
      : worker_(*WorkerProcess::Start(PLASM_WORKER, {"run", "--target", "native", "--memory",
                                                     std::to_string(std::uint64_t{6} << 30)})) {}

  void Load(ProgramId program, const std::string& example) {
    worker_.channel().AttachDescriptor(Compiled(Example(example)));
    Send(LoadMessage{program});
  }
  void Run(JobNumber number, ProgramId program, std::vector<std::string> args,
           const JobLimits& limits = {}) {
    Job job;
    job.limits = limits;
    job.args = std::move(args);
    const Bytes spec = EncodeJob(job);
    RunMessage run{};
    run.job = number;
    run.program = program;
    run.spec = spec;
    Send(run);
  }
  void Send(const ToWorker& message) {
    AppendMessage(worker_.channel().outgoing(), message);
    EXPECT_EQ(*worker_.channel().Flush(Blocking::kWait), IoStatus::kDone);
  }

  // Everything up to the next message of one of the kinds that a supervisor waits for, in
  // words: "wants 1", "ended 1", "closed".
  std::string Next() {
    while (true) {
      const auto frame = worker_.channel().NextFrame();
      if (!frame) return frame.error().message;
      if (!*frame) {
        if (*worker_.channel().Receive(Blocking::kWait) == IoStatus::kClosed) return "closed";
        continue;
      }
      const auto message = DecodeFromWorker(**frame);
      if (!message) return message.error().message;
      if (const auto* output = std::get_if<OutputMessage>(&*message)) out_ += AsText(output->bytes);
      if (const auto* wanted = std::get_if<StdinWantedMessage>(&*message)) {
        return "wants " + std::to_string(wanted->job);
      }
      if (const auto* ended = std::get_if<EndedMessage>(&*message)) {
        return "ended " + std::to_string(ended->job) +
               (ended->status == EndStatus::kFailed ? ": " + ended->message : "");
      }
      if (const auto* forgotten = std::get_if<ForgottenMessage>(&*message)) {
        return "forgotten " + std::to_string(forgotten->job);
      }
    }
  }

  WorkerProcess worker_;
  std::string out_;
};

TEST_F(RunLoopTest, InputThatComesAfterItsGuestEndedIsDropped) {
  Load(0, "guests/echo.wasm");
  Run(1, 0, {"echo"});
  ASSERT_EQ(Next(), "wants 1");
  Send(StdinMessage{1, {}});
  ASSERT_EQ(Next(), "ended 1");
  Send(StdinMessage{1, AsBytes("late")});
  Run(2, 0, {"echo"});
  ASSERT_EQ(Next(), "wants 2");
  Send(StdinMessage{1, AsBytes("later")});
  Send(StdinMessage{2, AsBytes("its own")});
  ASSERT_EQ(Next(), "wants 2");
  Send(StdinMessage{2, {}});
  ASSERT_EQ(Next(), "ended 2");
  EXPECT_EQ(out_, "its own");
}

TEST_F(RunLoopTest, FramesThatComeWhileAGuestWaitsAreDealtWithInOrder) {
  Load(0, "guests/echo.wasm");
  Run(1, 0, {"echo"});
  ASSERT_EQ(Next(), "wants 1");
  Load(1, "hello.wasm");
  Run(2, 1, {"hello", "ab"});
  Run(3, 0, {"echo"});
  Run(4, 1, {"hello", "cd"});
  Send(StdinMessage{1, AsBytes("1")});
  ASSERT_EQ(Next(), "wants 1");
  Send(StdinMessage{1, {}});
  ASSERT_EQ(Next(), "ended 1");
  ASSERT_EQ(Next(), "ended 2");
  ASSERT_EQ(Next(), "wants 3");
  Run(5, 1, {"hello", "ef"});
  Send(StdinMessage{3, AsBytes("3")});
  ASSERT_EQ(Next(), "wants 3");
  Send(StdinMessage{3, {}});
  ASSERT_EQ(Next(), "ended 3");
  ASSERT_EQ(Next(), "ended 4");
  ASSERT_EQ(Next(), "ended 5");
  EXPECT_EQ(out_, "1ba3dcfe");
}

TEST_F(RunLoopTest, AJobThatIsTakenBackWhileAGuestWaitsIsPassedOver) {
  Load(0, "guests/echo.wasm");
  Load(1, "hello.wasm");
  Run(1, 0, {"echo"});
  ASSERT_EQ(Next(), "wants 1");
  Run(2, 1, {"hello", "ab"});
  Run(3, 1, {"hello", "cd"});
  Send(ForgetMessage{2});
  Send(ForgetMessage{1});  // has begun, and is not disturbed
  Send(StdinMessage{1, {}});
  ASSERT_EQ(Next(), "ended 1");
  ASSERT_EQ(Next(), "forgotten 2");
  ASSERT_EQ(Next(), "ended 3");
  Send(ForgetMessage{3});  // has ended
  Run(4, 1, {"hello", "ef"});
  ASSERT_EQ(Next(), "ended 4");
  EXPECT_EQ(out_, "dcfe");
}

// It has read neither frame before the long job ends.
TEST_F(RunLoopTest, AJobThatIsTakenBackBehindALongOneIsPassedOver) {
  Load(0, "guests/fuel_burner.wasm");
  Load(1, "hello.wasm");
  Run(1, 0, {"fuel_burner"}, {.fuel = 50'000'000});
  Run(2, 1, {"hello", std::string(100'000, 'x')});  // more than is received at once
  Run(3, 1, {"hello", "ab"});
  Send(ForgetMessage{2});
  ASSERT_EQ(Next(), "ended 1");
  ASSERT_EQ(Next(), "forgotten 2");
  ASSERT_EQ(Next(), "ended 3");
  EXPECT_EQ(out_, "ba");
}

TEST_F(RunLoopTest, AProgramThatIsUnloadedIsGoneForTheJobsThatFollow) {
  Load(0, "hello.wasm");
  Run(1, 0, {"hello", "ab"});
  Send(UnloadMessage{0});
  Send(UnloadMessage{7});  // was never there
  Run(2, 0, {"hello", "cd"});
  ASSERT_EQ(Next(), "ended 1");
  ASSERT_EQ(Next(), "ended 2: the program was not loaded");
  Load(0, "hello.wasm");
  Run(3, 0, {"hello", "ef"});
  ASSERT_EQ(Next(), "ended 3");
  EXPECT_EQ(out_, "bafe");
}

TEST_F(RunLoopTest, AWorkerEndsWithItsSupervisorsSocket) {
  // A guest that waits for input, which will not come any more.
  Load(0, "guests/echo.wasm");
  Run(1, 0, {"echo"});
  ASSERT_EQ(Next(), "wants 1");
  shutdown(worker_.channel().fd(), SHUT_RDWR);
  EXPECT_EQ(Next(), "closed");
}

TEST_F(RunLoopTest, NonsenseFromTheSupervisorEndsTheWorker) {
  Send(CompileMessage{});
  EXPECT_EQ(Next(), "closed");
  EXPECT_EQ(worker_.Kill(), "exited with status 1");
}

}  // namespace
}  // namespace plasm::worker
