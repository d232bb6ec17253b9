// A node's jobs from submission to receipt: real workers, store and log.
#include "jobs/job_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/testing/temp_folder.h"
#include "receipt/statement.h"
#include "worker/supervisor/artefact_cache.h"

namespace plasm::jobs {
namespace {

using ::testing::HasSubstr;

Bytes Example(const std::string& name) {
  auto bytes = ReadFile(std::string(PLASM_EXAMPLES_DIR) + "/" + name, 1 << 24);
  if (!bytes) throw std::runtime_error(bytes.error().message);
  return *std::move(bytes);
}

std::string Text(const std::optional<Bytes>& bytes) {
  return bytes ? std::string(AsText(*bytes)) : "(not inline)";
}

const Client kAlice{.name = "SHA256:alice"};
const Client kBob{.name = "SHA256:bob"};

// The machine's, whose wall clock can be made to step back an hour each time it is looked at.
class SteppingClock final : public Clock {
 public:
  std::uint64_t RealtimeNs() noexcept override {
    return system_.RealtimeNs() - (steps_back_ ? 3'600'000'000'000 * ++steps_ : 0);
  }
  std::uint64_t MonotonicNs() noexcept override { return system_.MonotonicNs(); }
  void SleepNs(std::uint64_t duration) noexcept override { system_.SleepNs(duration); }
  void StepBack() { steps_back_ = true; }

 private:
  SystemClock system_;
  std::atomic<bool> steps_back_ = false;
  std::atomic<std::uint64_t> steps_ = 0;
};

// A node's parts over one folder, which can be stopped and started again.
class JobServiceTest : public ::testing::Test {
 protected:
  JobServiceTest() { Begin(); }
  ~JobServiceTest() override { End(); }

  void Begin() {
    auto store = store::JobStore::Open(folder_ / "store");
    ASSERT_TRUE(store) << store.error().message;
    store_ = std::make_unique<store::JobStore>(*std::move(store));
    auto node = node::ServingNode::Open(folder_ / "node", PLASM_ENGINE_VERSION,
                                        receipt::Signing::kBatch, clock_, entropy_);
    ASSERT_TRUE(node) << node.error().message;
    node_ = *std::move(node);
    auto service = JobService::Start({.worker_program = PLASM_WORKER,
                                      .artefacts = folder_ / "artefacts",
                                      .engine_version = PLASM_ENGINE_VERSION,
                                      .workers = 2,
                                      .offering = {.arch = "x86_64", .labels = {}, .most = {}},
                                      .queue_length = 20'000,
                                      .attempts = 2,
                                      .client_named = client_named_},
                                     *store_, blobs_, pins_, *node_, clock_, entropy_);
    ASSERT_TRUE(service) << service.error().message;
    service_ = *std::move(service);
  }
  void End() {
    service_.reset();
    node_.reset();
    store_.reset();
  }

  // What a client has uploaded.
  void Upload(const Client& client, const Bytes& bytes) {
    const Sha256Digest digest = Sha256Of(bytes);
    ASSERT_TRUE(blobs_.Put(digest, bytes));
    ASSERT_TRUE(store_->SubmitAndWait(
        store::AddUpload{.digest = digest, .client = client.name, .expires_ns = UINT64_MAX / 2}));
  }

  receipt::Manifest ManifestOf(const Bytes& module, std::vector<std::string> args) {
    receipt::Manifest manifest;
    manifest.module = {Sha256Of(module), module.size()};
    manifest.args = std::move(args);
    manifest.stdin_name.sha256 = Sha256Of({});
    manifest.limits = {.memory_bytes = 64 << 20,
                       .fuel = receipt::Limits::kMaxFuel,
                       .output_bytes = 1 << 20,
                       .file_bytes = 1 << 20,
                       .file_nodes = 1000,
                       .wall_time_ms = 60'000};
    manifest.start_time_ns = 1'700'000'000'000'000'000;
    return manifest;
  }

  struct Pending {
    std::future<SubmitOutcome> accepted;
    std::future<std::shared_ptr<const EndedJob>> ended;
  };
  Pending Submit(const Client& client, const receipt::Manifest& manifest,
                 std::optional<std::string> key = {}) {
    const std::string text = receipt::SerializeManifest(manifest);
    auto accepted = std::make_shared<std::promise<SubmitOutcome>>();
    auto ended = std::make_shared<std::promise<std::shared_ptr<const EndedJob>>>();
    Pending pending{accepted->get_future(), ended->get_future()};
    service_->Submit(
        {.client = client,
         .manifest = Bytes(AsBytes(text).begin(), AsBytes(text).end()),
         .job_id = {},
         .idempotency_key = std::move(key)},
        [accepted](SubmitOutcome outcome) { accepted->set_value(std::move(outcome)); },
        [ended](std::shared_ptr<const EndedJob> job) { ended->set_value(std::move(job)); });
    return pending;
  }
  static std::string IdOf(Pending& pending) {
    const SubmitOutcome outcome = pending.accepted.get();
    if (const auto* error = std::get_if<Error>(&outcome)) return error->message;
    if (std::holds_alternative<MissingBlobs>(outcome)) return "missing blobs";
    return std::get<Accepted>(outcome).id;
  }
  std::shared_ptr<const EndedJob> Run(const receipt::Manifest& manifest) {
    Pending pending = Submit(kAlice, manifest);
    const std::string id = IdOf(pending);
    EXPECT_THAT(id, HasSubstr("job-"));
    return pending.ended.get();
  }

  std::function<Client(const std::string&)> client_named_;
  const plasm::testing::TempFolder folder_;
  SteppingClock clock_;
  SystemEntropy entropy_;
  const BlobStore blobs_{folder_ / "blobs"};
  BlobPins pins_;
  std::unique_ptr<store::JobStore> store_;
  std::unique_ptr<node::ServingNode> node_;
  std::unique_ptr<JobService> service_;
  const Bytes hello_ = Example("hello.wasm");
};

TEST_F(JobServiceTest, AJobEndsWithItsOutputAndALoggedReceipt) {
  Upload(kAlice, hello_);
  const auto ended = Run(ManifestOf(hello_, {"hello.wasm", "Hello, World!"}));
  const store::JobRecord& record = ended->record;
  EXPECT_EQ(record.summary.state, store::JobState::kExited);
  EXPECT_EQ(record.summary.attempts, 1u);
  EXPECT_EQ(record.summary.end->exit_code, 0);
  EXPECT_EQ(Text(record.results.standard_output.contents), "!dlroW ,olleH");
  EXPECT_EQ(Text(record.results.standard_error.contents), "");
  EXPECT_EQ(record.summary.end->log->index, 0u);
  EXPECT_THAT(ended->proof, HasSubstr("c2sp.org/tlog-proof"));
  const auto envelope = receipt::ParseEnvelope(*record.results.receipt, receipt::ReceiptForm());
  ASSERT_TRUE(envelope);
  const auto statement = receipt::ParseStatement(envelope->payload);
  ASSERT_TRUE(statement);
  EXPECT_EQ(statement->job.id, record.summary.id);
  EXPECT_EQ(statement->job.manifest, record.summary.manifest_digest);
  ASSERT_TRUE(record.summary.end->result_digest);
  EXPECT_EQ(record.summary.end->result_digest, statement->result_digest);

  const auto found = service_->Find(kAlice, record.summary.id);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->results, record.results);
  EXPECT_EQ((*found)->summary.end, record.summary.end);
  EXPECT_FALSE(*service_->Find(kBob, record.summary.id));
}

TEST_F(JobServiceTest, WhatIsNotHereIsNamed) {
  Pending pending = Submit(kAlice, ManifestOf(hello_, {"hello.wasm"}));
  const SubmitOutcome outcome = pending.accepted.get();
  ASSERT_TRUE(std::holds_alternative<MissingBlobs>(outcome));
  EXPECT_THAT(std::get<MissingBlobs>(outcome).digests, ::testing::ElementsAre(Sha256Of(hello_)));
}

TEST_F(JobServiceTest, AnothersBlobIsAsGoodAsMissing) {
  Upload(kBob, hello_);
  Pending pending = Submit(kAlice, ManifestOf(hello_, {"hello.wasm"}));
  EXPECT_EQ(IdOf(pending), "missing blobs");
}

TEST_F(JobServiceTest, AKeyMakesOneJobOfManySubmissions) {
  Upload(kAlice, hello_);
  const receipt::Manifest manifest = ManifestOf(hello_, {"hello.wasm", "x"});
  Pending first = Submit(kAlice, manifest, "key");
  Pending second = Submit(kAlice, manifest, "key");
  const std::string id = IdOf(first);
  EXPECT_EQ(IdOf(second), id);
  EXPECT_EQ(first.ended.get()->record.summary.id, id);
  EXPECT_EQ(second.ended.get()->record.summary.id, id);
  Pending third = Submit(kAlice, manifest, "key");
  EXPECT_EQ(IdOf(third), id);
  EXPECT_EQ(third.ended.get()->record.summary.id, id);
  Pending other = Submit(kAlice, ManifestOf(hello_, {"hello.wasm", "y"}), "key");
  EXPECT_THAT(IdOf(other), HasSubstr("idempotency key"));
  EXPECT_EQ((*store_->Counts())[store::JobState::kExited], 1u);
}

TEST_F(JobServiceTest, AModuleThatIsNoneIsRejectedWithAReceipt) {
  const Bytes text(AsBytes("no module at all").begin(), AsBytes("no module at all").end());
  Upload(kAlice, text);
  const auto ended = Run(ManifestOf(text, {"x"}));
  EXPECT_EQ(ended->record.summary.state, store::JobState::kRejected);
  EXPECT_TRUE(ended->record.results.receipt);
}

TEST_F(JobServiceTest, AStackOverflowIsSeenAsTheFullTierHasIt) {
  const Bytes deep = Example("guests/deep_recursion.wasm");
  Upload(kAlice, deep);
  const auto ended = Run(ManifestOf(deep, {"deep_recursion.wasm", "1000000"}));
  EXPECT_EQ(ended->record.summary.state, store::JobState::kTrapped);
  EXPECT_EQ(ended->record.summary.end->trap, "stack_overflow");
  EXPECT_EQ(ended->record.summary.attempts, 1u);
}

TEST_F(JobServiceTest, ARunningAndAWaitingJobCanBeCancelled) {
  const Bytes burner = Example("guests/spin.wasm");
  Upload(kAlice, burner);
  std::vector<Pending> jobs;
  for (int i = 0; i < 6; ++i) {
    jobs.push_back(Submit(kAlice, ManifestOf(burner, {"burn.wasm", std::to_string(i)})));
  }
  for (Pending& job : jobs) {
    const std::string id = IdOf(job);
    std::promise<Result<void>> done;
    service_->Cancel(kBob, id, [&](Result<void> result) { done.set_value(std::move(result)); });
    EXPECT_FALSE(done.get_future().get());
    std::promise<Result<void>> mine;
    service_->Cancel(kAlice, id, [&](Result<void> result) { mine.set_value(std::move(result)); });
    EXPECT_TRUE(mine.get_future().get());
    const auto ended = job.ended.get();
    EXPECT_EQ(ended->record.summary.state, store::JobState::kCancelled);
    EXPECT_TRUE(ended->record.results.receipt);
    EXPECT_TRUE(ended->record.summary.cancel_requested);
  }
}

TEST_F(JobServiceTest, AJobThatTakesTooLongIsEnded) {
  const Bytes burner = Example("guests/spin.wasm");
  Upload(kAlice, burner);
  receipt::Manifest manifest = ManifestOf(burner, {"burn.wasm"});
  manifest.limits.wall_time_ms = 50;
  EXPECT_EQ(Run(manifest)->record.summary.state, store::JobState::kTimedOut);
}

TEST_F(JobServiceTest, WhatWasAcceptedRunsAfterTheNodeWasStopped) {
  const Bytes burner = Example("guests/spin.wasm");
  Upload(kAlice, burner);
  Upload(kAlice, hello_);
  std::vector<Pending> long_jobs;
  for (int i = 0; i < 2; ++i) {
    receipt::Manifest manifest = ManifestOf(burner, {"burn.wasm", std::to_string(i)});
    manifest.limits.wall_time_ms = 3000;
    long_jobs.push_back(Submit(kAlice, manifest));
  }
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    Pending job = Submit(kAlice, ManifestOf(hello_, {"hello.wasm", std::to_string(i)}));
    ids.push_back(IdOf(job));
  }
  End();
  Begin();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    std::promise<std::shared_ptr<const EndedJob>> promise;
    ASSERT_TRUE(service_->WaitFor(kAlice, ids[i], [&](auto job) { promise.set_value(job); }));
    const auto ended = promise.get_future().get();
    EXPECT_EQ(ended->record.summary.id, ids[i]);
    EXPECT_EQ(ended->record.summary.state, store::JobState::kExited);
  }
}

TEST_F(JobServiceTest, AfterARestartJobsCountForTheShareThatTheirClientHasNow) {
  const Client first{.name = "SHA256:1", .share = "guests", .quota = {.unfinished = 1}};
  const Client second{.name = "SHA256:2", .share = "guests", .quota = {.unfinished = 1}};
  const Bytes burner = Example("guests/spin.wasm");
  Upload(first, burner);
  Upload(second, hello_);
  Pending job = Submit(first, ManifestOf(burner, {"burn.wasm"}));
  EXPECT_THAT(IdOf(job), HasSubstr("job-"));
  const receipt::Manifest manifest = ManifestOf(hello_, {"hello.wasm"});
  End();
  client_named_ = [first](const std::string& name) {
    return name == first.name ? first : Client{.name = name};
  };
  Begin();
  Pending refused = Submit(second, manifest);
  EXPECT_THAT(IdOf(refused), HasSubstr("as many jobs as it may"));
  EXPECT_FALSE(service_->Reserve(second, "job"));
  EXPECT_TRUE(service_->Reserve(kAlice, "job"));
  service_->Drain();
  EXPECT_EQ(service_->Reserve(kAlice, "job").error().code, ErrorCode::kUnavailable);
}

TEST_F(JobServiceTest, AJobWhoseClientWaitsIsOnDiskBeforeItHasRunForLong) {
  const Bytes burner = Example("guests/spin.wasm");
  Upload(kAlice, burner);
  Pending job = Submit(kAlice, ManifestOf(burner, {"burn.wasm"}));
  const std::string id = IdOf(job);
  const auto unfinished = store_->Unfinished(0, 10);
  ASSERT_TRUE(unfinished);
  ASSERT_EQ(unfinished->size(), 1u);
  EXPECT_EQ((*unfinished)[0].summary.id, id);
  EXPECT_TRUE(*store_->IsReferredBy(kAlice.name, Sha256Of(burner)));
}

TEST_F(JobServiceTest, NoEndComesBeforeItsStartWhateverTheClockDoes) {
  Upload(kAlice, hello_);
  clock_.StepBack();
  const auto ended = Run(ManifestOf(hello_, {"hello.wasm", "abc"}));
  EXPECT_EQ(ended->record.summary.state, store::JobState::kExited);
  EXPECT_GE(ended->record.summary.end->ended_ns, *ended->record.summary.started_ns);
  const auto envelope =
      receipt::ParseEnvelope(*ended->record.results.receipt, receipt::ReceiptForm());
  const auto statement = receipt::ParseStatement(envelope->payload);
  ASSERT_TRUE(statement) << statement.error().message;
  EXPECT_GE(statement->observed.end, statement->observed.start);
}

TEST_F(JobServiceTest, ADamagedModuleFailsItsJobAndIsAskedForAgain) {
  Bytes damaged = hello_;
  damaged.back() ^= std::byte{1};
  ASSERT_TRUE(blobs_.Put(Sha256Of(hello_), damaged));
  Upload(kAlice, hello_);  // is "there already": it has the right size
  const receipt::Manifest manifest = ManifestOf(hello_, {"hello.wasm", "abc"});
  const auto ended = Run(manifest);
  EXPECT_EQ(ended->record.summary.state, store::JobState::kFailed);
  EXPECT_THAT(*ended->record.summary.end->message, HasSubstr("Upload it again"));
  Pending again = Submit(kAlice, manifest);
  EXPECT_EQ(IdOf(again), "missing blobs");
  Upload(kAlice, hello_);
  EXPECT_EQ(Run(manifest)->record.summary.state, store::JobState::kExited);
}

TEST_F(JobServiceTest, AThousandJobsEachEndOnce) {
  Upload(kAlice, hello_);
  std::vector<Pending> jobs;
  for (int i = 0; i < 1000; ++i) {
    jobs.push_back(Submit(kAlice, ManifestOf(hello_, {"hello.wasm", std::to_string(i)})));
  }
  for (int i = 0; i < 1000; ++i) {
    std::string reversed = std::to_string(i);
    std::ranges::reverse(reversed);
    EXPECT_EQ(Text(jobs[i].ended.get()->record.results.standard_output.contents), reversed);
  }
  EXPECT_EQ((*store_->Counts())[store::JobState::kExited], 1000u);
  EXPECT_EQ(service_->load().queued, 0u);
}

TEST_F(JobServiceTest, OutputCanBeWatchedOnTheWay) {
  Upload(kAlice, hello_);
  Pending job = Submit(kAlice, ManifestOf(hello_, {"hello.wasm", "abc"}));
  const std::string id = IdOf(job);
  const auto live = service_->Live(kAlice, id);
  job.ended.get();
  if (live) {
    EXPECT_EQ(live->view().state, store::JobState::kExited);
    EXPECT_EQ(AsText(*live->Read(live->view().run, worker::Stream::kStdout, 1, 10)), "ba");
  }
  EXPECT_FALSE(service_->Live(kAlice, id));
}

class WarmUpTest : public JobServiceTest {
 protected:
  Result<void> Warm(const Sha256Digest& module, Keep keep = Keep::kWhileUsed) {
    auto told = std::make_shared<std::promise<Result<void>>>();
    service_->WarmUp({module}, keep, [told, module](const Sha256Digest& which, const auto& how) {
      EXPECT_EQ(which, module);
      told->set_value(how);
    });
    return told->get_future().get();
  }
  bool IsCompiled(const Bytes& module, worker::Tier tier) const {
    return worker::ArtefactCache(folder_ / "artefacts")
        .Has({Sha256Of(module), worker::Target::kNative, tier});
  }
  // A module of its own for each number, that does nothing.
  static Bytes Tiny(int number) {
    std::string text(
        "\0asm\1\0\0\0\1\4\1\x60\0\0\3\2\1\0\5\3\1\0\1\7\x13\2\6memory\2\0\6_start\0\0"
        "\x0a\4\1\2\0\x0b\0\6\1n",
        54);
    text += std::to_string(1000 + number);
    return {AsBytes(text).begin(), AsBytes(text).end()};
  }
};

TEST_F(WarmUpTest, AModuleIsReadyBeforeAJobAsksForIt) {
  Upload(kAlice, hello_);
  const auto warm = Warm(Sha256Of(hello_));
  ASSERT_TRUE(warm) << warm.error().message;
  EXPECT_TRUE(IsCompiled(hello_, worker::Tier::kFull));
  std::filesystem::remove_all(folder_ / "artefacts");
  EXPECT_EQ(Run(ManifestOf(hello_, {"hello.wasm", "ab"}))->record.summary.state,
            store::JobState::kExited);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "artefacts"));  // nothing had to be compiled
  EXPECT_TRUE(Warm(Sha256Of(hello_)));                           // nor has it now
  EXPECT_FALSE(std::filesystem::exists(folder_ / "artefacts"));
}

TEST_F(WarmUpTest, WhatCannotBeMadeReadyIsToldAndHoldsUpNobody) {
  const Bytes no_module(100);
  ASSERT_TRUE(blobs_.Put(Sha256Of(no_module), no_module));
  EXPECT_EQ(Warm(Sha256Of(no_module)).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(Warm(Sha256Of(hello_)).error().code, ErrorCode::kNotFound);
  Upload(kAlice, hello_);
  EXPECT_EQ(Run(ManifestOf(hello_, {"hello.wasm"}))->record.summary.state,
            store::JobState::kExited);
}

TEST_F(WarmUpTest, AModuleThatStaysReadyIsNotPushedOutByManyOthers) {
  Upload(kAlice, hello_);
  ASSERT_TRUE(Warm(Sha256Of(hello_), Keep::kAlways));
  std::vector<Pending> jobs;
  for (int i = 0; i < static_cast<int>(Programs::kMost) + 4; ++i) {
    const Bytes module = Tiny(i);
    Upload(kAlice, module);
    jobs.push_back(Submit(kAlice, ManifestOf(module, {"tiny.wasm"})));
  }
  for (Pending& job : jobs) {
    const auto ended = job.ended.get();
    ASSERT_EQ(ended->record.summary.state, store::JobState::kExited);
    EXPECT_EQ(ended->record.summary.attempts, 1u);
  }
  for (const auto tier : {worker::Tier::kQuick, worker::Tier::kFull}) {
    worker::ArtefactCache(folder_ / "artefacts")
        .Drop({Sha256Of(hello_), worker::Target::kNative, tier});
  }
  EXPECT_EQ(Run(ManifestOf(hello_, {"hello.wasm"}))->record.summary.state,
            store::JobState::kExited);
  EXPECT_FALSE(IsCompiled(hello_, worker::Tier::kQuick));
  EXPECT_FALSE(IsCompiled(hello_, worker::Tier::kFull));
}

}  // namespace
}  // namespace plasm::jobs
