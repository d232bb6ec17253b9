// Compiling beside everything else, with real compile workers.
#include "worker/supervisor/compile_service.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <future>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "processes.h"
#include "worker/supervisor/worker_process.h"

namespace plasm::worker {
namespace {

using ::testing::HasSubstr;

class CompileServiceTest : public ::testing::Test {
 protected:
  std::unique_ptr<CompileService> Start(std::filesystem::path program = PLASM_WORKER) {
    auto service =
        CompileService::Start({.worker_program = std::move(program)}, cache_, clock_,
                              [this](const Sha256Digest& digest) { return Read(digest); });
    EXPECT_TRUE(service);
    return *std::move(service);
  }

  ArtefactKey Key(const std::string& example, Tier tier = Tier::kQuick) {
    Bytes module = Example(example);
    const Sha256Digest digest = Sha256Of(module);
    const std::lock_guard lock(mutex_);
    modules_[digest] = std::move(module);
    return {digest, Target::kNative, tier};
  }

  static std::future<Result<UniqueFd>> Compile(CompileService& service, const ArtefactKey& key,
                                               Urgency urgency) {
    const auto promise = std::make_shared<std::promise<Result<UniqueFd>>>();
    service.Compile(key, urgency,
                    [promise](Result<UniqueFd> made) { promise->set_value(std::move(made)); });
    return promise->get_future();
  }

  // A program that never answers, and writes a word into a pipe when it has begun.
  std::filesystem::path Hangs() {
    const auto pipe = folder_ / "begun";
    EXPECT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    // For writing too: there is never an end, whoever opens and closes it meanwhile.
    begun_.Reset(open(pipe.c_str(), O_RDWR | O_CLOEXEC));
    EXPECT_TRUE(begun_);
    const auto program = folder_ / "hangs";
    std::ofstream(program) << "#!/bin/sh\necho $7 >" << pipe.string() << "\nexec sleep 1000\n";
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    return program;
  }
  // Blocks until the next such program has begun; the value of its flag --priority.
  std::string AwaitBegun() {
    std::string word;
    char next = 0;
    while (read(begun_.get(), &next, 1) == 1 && next != '\n') word += next;
    return word;
  }

  plasm::testing::TempFolder folder_;
  ArtefactCache cache_{folder_ / "artefacts", std::uint64_t{1} << 30};
  SystemClock clock_;
  std::atomic<int> reads_ = 0;
  UniqueFd begun_;

 private:
  Result<Bytes> Read(const Sha256Digest& digest) {
    ++reads_;
    const std::lock_guard lock(mutex_);
    const auto module = modules_.find(digest);
    if (module == modules_.end()) return Error{ErrorCode::kNotFound, "no such module"};
    return module->second;
  }

  std::mutex mutex_;
  std::map<Sha256Digest, Bytes> modules_;
};

TEST_F(CompileServiceTest, EverybodyWhoAsksGetsAnArtefactOfHisOwnAndItIsMadeOnce) {
  const auto service = Start();
  const ArtefactKey key = Key("hello.wasm");
  std::vector<std::future<Result<UniqueFd>>> asked;
  for (int i = 0; i < 10; ++i) asked.push_back(Compile(*service, key, Urgency::kNow));
  std::set<int> descriptors;
  std::vector<UniqueFd> held;
  for (auto& future : asked) {
    auto made = future.get();
    ASSERT_TRUE(made) << made.error().message;
    descriptors.insert(made->get());
    held.push_back(*std::move(made));
  }
  EXPECT_EQ(descriptors.size(), 10u);
  EXPECT_EQ(reads_, 1);
  EXPECT_TRUE(cache_.Find(key));
}

TEST_F(CompileServiceTest, WhatIsInTheCacheIsNotCompiled) {
  const ArtefactKey key = Key("hello.wasm");
  ASSERT_TRUE(Compile(*Start(), key, Urgency::kNow).get());
  ASSERT_TRUE(Compile(*Start("/nonexistent"), key, Urgency::kNow).get());
  EXPECT_EQ(reads_, 1);
}

TEST_F(CompileServiceTest, SaysWhatIsWrongToEverybodyAndTriesAgainWhenAsked) {
  const auto service = Start();
  for (int i = 0; i < 2; ++i) {
    auto made = Compile(*service, Key("guests/reactor.wasm"), Urgency::kNow).get();
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(made.error().message, HasSubstr("reactor"));
  }
  auto unknown = Compile(*service, {Sha256Of({}), Target::kNative, Tier::kQuick}, Urgency::kNow);
  EXPECT_EQ(unknown.get().error().code, ErrorCode::kNotFound);
}

TEST_F(CompileServiceTest, BytesOfAnotherDigestAreRefused) {
  auto service = CompileService::Start(
      {.worker_program = PLASM_WORKER}, cache_, clock_,
      [](const Sha256Digest&) -> Result<Bytes> { return Example("hello.wasm"); });
  ASSERT_TRUE(service);
  const auto made = Compile(**service, Key("guests/echo.wasm"), Urgency::kNow).get();
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kCorrupt);
  EXPECT_FALSE(cache_.Has(Key("guests/echo.wasm")));
}

TEST_F(CompileServiceTest, WhoAsksFromACallbackIsServed) {
  const auto service = Start();
  const ArtefactKey quick = Key("hello.wasm");
  const ArtefactKey full = Key("hello.wasm", Tier::kFull);
  std::promise<bool> made;
  service->Compile(quick, Urgency::kNow, [&](Result<UniqueFd>) {
    service->Compile(full, Urgency::kLater,
                     [&](const Result<UniqueFd>& artefact) { made.set_value(bool(artefact)); });
  });
  EXPECT_TRUE(made.get_future().get());
  EXPECT_TRUE(cache_.Has(quick));
  EXPECT_TRUE(cache_.Has(full));
}

TEST_F(CompileServiceTest, TheUrgentDoNotWaitForTheOthersAndTheEndKillsBoth) {
  std::future<Result<UniqueFd>> asked[4];
  {
    const auto service = Start(Hangs());
    asked[0] = Compile(*service, Key("hello.wasm", Tier::kFull), Urgency::kLater);
    EXPECT_EQ(AwaitBegun(), "low");
    asked[1] = Compile(*service, Key("guests/echo.wasm", Tier::kFull), Urgency::kLater);
    // It stands behind the first one, and is now wanted at once.
    asked[2] = Compile(*service, Key("guests/echo.wasm", Tier::kFull), Urgency::kNow);
    EXPECT_EQ(AwaitBegun(), "normal");
    asked[3] = Compile(*service, Key("guests/trap.wasm"), Urgency::kNow);
  }
  for (auto& future : asked) {
    const auto made = future.get();
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::kUnavailable);
  }
  EXPECT_TRUE(Children().empty());
}

TEST_F(CompileServiceTest, WhoAsksAgainWhenItEndsIsToldSo) {
  auto service = Start(Hangs());
  CompileService* const ending = service.get();
  std::vector<ErrorCode> told;
  service->Compile(Key("hello.wasm"), Urgency::kNow, [&](const Result<UniqueFd>& made) {
    told.push_back(made.error().code);
    ending->Compile(Key("guests/echo.wasm"), Urgency::kNow,
                    [&](const Result<UniqueFd>& again) { told.push_back(again.error().code); });
  });
  AwaitBegun();
  service.reset();
  EXPECT_EQ(told, std::vector(2, ErrorCode::kUnavailable));
}

TEST(CompilerPriorityTest, ACompileWorkerOfLowPriorityGivesWay) {
  const plasm::testing::TempFolder folder;
  const ArtefactCache cache(folder / "artefacts");
  auto worker = WorkerProcess::Start(PLASM_WORKER, {"compile", "--priority", "low", "--memory",
                                                    std::to_string(std::uint64_t{4} << 30)});
  ASSERT_TRUE(worker);
  while (true) {  // it has said that it is ready
    const auto frame = worker->channel().NextFrame();
    ASSERT_TRUE(frame);
    if (*frame) break;
    ASSERT_EQ(*worker->channel().Receive(Blocking::kWait), IoStatus::kDone);
  }
  for (const auto& thread :
       std::filesystem::directory_iterator("/proc/" + std::to_string(worker->pid()) + "/task")) {
    const auto id = static_cast<id_t>(std::stoi(thread.path().filename()));
    EXPECT_EQ(getpriority(PRIO_PROCESS, id), 10) << id;
  }
}

}  // namespace
}  // namespace plasm::worker
