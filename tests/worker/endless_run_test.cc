// The executor of a node: runs without end, gets its work from another thread.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/eventfd.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "processes.h"

namespace plasm::worker {
namespace {

using ::testing::HasSubstr;

// A runner's thread, and the queue by which others reach it.
class Runner final : public ExecutorOwner {
 public:
  explicit Runner(ExecutorSettings settings) : settings_(std::move(settings)) {
    thread_ = std::thread([this] {
      Executor executor(settings_, clock_);
      executor_ = &executor;
      const auto ran = executor.Run(wake_.get(), *this);
      EXPECT_TRUE(ran) << ran.error().message;
    });
  }
  ~Runner() override {
    Post([](Executor& executor) { executor.Stop(); });
    thread_.join();
  }

  void Post(std::function<void(Executor&)> work) {
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(std::move(work));
    }
    EXPECT_EQ(eventfd_write(wake_.get(), 1), 0);
  }

  void OnWake() override {
    eventfd_t ignored = 0;
    EXPECT_EQ(eventfd_read(wake_.get(), &ignored), 0);
    std::vector<std::function<void(Executor&)>> work;
    {
      const std::lock_guard lock(mutex_);
      work.swap(queue_);
    }
    for (const auto& item : work) item(*executor_);
  }

 private:
  ExecutorSettings settings_;
  SystemClock clock_;
  const UniqueFd wake_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::mutex mutex_;
  std::vector<std::function<void(Executor&)>> queue_;
  Executor* executor_ = nullptr;
  std::thread thread_;
};

// Waited for by one thread, told by another.
class Signal {
 public:
  // Under the lock: whoever waited may destroy this as soon as it has the lock.
  void Give() {
    const std::lock_guard lock(mutex_);
    ++given_;
    condition_.notify_all();
  }
  void Await(int times = 1) {
    std::unique_lock lock(mutex_);
    condition_.wait(lock, [&] { return given_ >= times; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  int given_ = 0;
};

pid_t AwaitAChildOtherThan(pid_t old) {
  while (true) {
    for (const pid_t child : Children()) {
      if (child != old) return child;
    }
    std::this_thread::yield();
  }
}

TEST(EndlessRunTest, WorkThatComesFromAnotherThreadWhileItWaitsIsDone) {
  const auto artefact = Compiled(Example("hello.wasm"));
  Runner runner({.worker_program = PLASM_WORKER, .workers = 2, .pipeline_depth = 4});
  ProgramId hello = 0;
  runner.Post([&](Executor& executor) {
    hello = executor.AddProgram(UniqueFd(fcntl(artefact.get(), F_DUPFD_CLOEXEC, 0)));
  });
  for (int i = 0; i < 20; ++i) {
    Recorder job;
    Signal ended;
    job.on_ended = [&] { ended.Give(); };
    runner.Post([&](Executor& executor) { executor.Submit(Request(hello, {"hello", "ab"}, job)); });
    ended.Await();
    EXPECT_EQ(job.out, "ba");
  }
}

TEST(EndlessRunTest, ARunningJobIsCancelledFromAnotherThread) {
  auto artefact = Compiled(Example("guests/spin.wasm"));
  Runner runner({.worker_program = PLASM_WORKER});
  Recorder spin;
  Signal began;
  Signal ended;
  JobHandle handle = 0;
  spin.on_output = [&] { began.Give(); };
  spin.on_ended = [&] { ended.Give(); };
  runner.Post([&](Executor& executor) {
    handle = executor.Submit(Request(executor.AddProgram(std::move(artefact)), {"spin"}, spin));
  });
  began.Await();
  runner.Post([&](Executor& executor) { executor.Cancel(handle); });
  ended.Await();
  EXPECT_EQ(spin.ending.status, JobStatus::kCancelled);
  EXPECT_FALSE(spin.ending.worker_died);
}

TEST(EndlessRunTest, AWorkerThatDiesIdleIsReplacedBeforeThereIsWork) {
  const Runner runner({.worker_program = PLASM_WORKER});
  const pid_t first = AwaitAChildOtherThan(-1);
  kill(first, SIGKILL);
  EXPECT_NE(AwaitAChildOtherThan(first), first);
}

TEST(EndlessRunTest, AWorkerThatIsKilledWithItsJobIsReplacedAtOnce) {
  auto artefact = Compiled(Example("guests/spin.wasm"));
  Runner runner({.worker_program = PLASM_WORKER});
  Recorder spin;
  Signal ended;
  pid_t worker = -1;
  spin.on_output = [&] {
    worker = *Children().begin();
    kill(worker, SIGKILL);
  };
  spin.on_ended = [&] { ended.Give(); };
  runner.Post([&](Executor& executor) {
    executor.Submit(Request(executor.AddProgram(std::move(artefact)), {"spin"}, spin));
  });
  ended.Await();
  EXPECT_TRUE(spin.ending.worker_died);
  EXPECT_THAT(spin.ending.message, HasSubstr("killed by signal 9"));
  EXPECT_NE(AwaitAChildOtherThan(worker), worker);
}

TEST(EndlessRunTest, StopLeavesJobsForTheNextRun) {
  SystemClock clock;
  Executor executor({.worker_program = PLASM_WORKER}, clock);
  const UniqueFd wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  struct Nobody final : ExecutorOwner {
    void OnWake() override {}
  } nobody;
  Recorder jobs[3];
  const ProgramId hello = executor.AddProgram(Compiled(Example("hello.wasm")));
  for (Recorder& job : jobs) executor.Submit(Request(hello, {"hello", "ab"}, job));
  jobs[0].on_ended = [&] { executor.Stop(); };
  ASSERT_TRUE(executor.Run(wake.get(), nobody));
  EXPECT_EQ(jobs[0].ended, 1);
  EXPECT_EQ(jobs[2].ended, 0);
  ASSERT_TRUE(executor.RunUntilIdle());
  for (const Recorder& job : jobs) EXPECT_EQ(job.out, "ba");
}

// A program that ends before it is ready must not be started over and over.
TEST(EndlessRunTest, WorkersThatNeverGetReadyAreStartedLessAndLessOften) {
  StillClock clock;
  const plasm::testing::TempFolder folder;
  const auto program = folder / "worker";
  std::ofstream(program) << "#!/bin/sh\necho started >>" << (folder / "log").string() << "\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  Executor executor({.worker_program = program}, clock);
  const UniqueFd wake(eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
  // Looks again and again; of time only as much passes as it says.
  struct Watcher final : ExecutorOwner {
    explicit Watcher(std::function<void()> look) : on_wake(std::move(look)) {}
    void OnWake() override { on_wake(); }
    std::function<void()> on_wake;
  } watcher([&, looks = 0]() mutable {
    if (!Children().empty()) return;
    clock.now += 5'000'000;
    if (++looks == 200) executor.Stop();
  });
  ASSERT_TRUE(executor.Run(wake.get(), watcher));
  std::ifstream log(folder / "log");
  std::string line;
  int starts = 0;
  while (std::getline(log, line)) ++starts;
  // After 0, 10, 30, 70, 150, 310 and 630 ms.
  EXPECT_GE(starts, 6);
  EXPECT_LE(starts, 8);
}

}  // namespace
}  // namespace plasm::worker
