// Jobs through the workers with a receipt each that is in the node's log, durably, beside the
// same jobs without. Both in turns within one benchmark: what else the machine does meanwhile
// falls on both.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/hex.h"
#include "base/testing/temp_folder.h"
#include "children.h"
#include "execution/manifest_job.h"
#include "execution/result_digests.h"
#include "guest.h"
#include "hello_job.h"
#include "node/group_commit.h"
#include "receipt/job_id.h"
#include "tlog/testing/keys.h"
#include "worker/supervisor/executor.h"

namespace plasm::bench {
namespace {

enum class Receipts { kNone, kLogged };

// What a node has, and the jobs that are left to do.
struct Node {
  explicit Node(receipt::Signing signing)
      : issuer(HelloIssuer(signing), signing == receipt::Signing::kBatch ? log_key : receipt_key) {
    auto log = node::NodeLog::Open(temporary / "log", kHelloOrigin, log_key,
                                   node::IfMissing::kCreate, clock);
    if (!log) Fail(log.error().message);
    commit = std::make_unique<node::GroupCommit>(*std::move(log));
  }

  SystemClock clock;
  SystemEntropy kernel;
  BufferedEntropy entropy{kernel};
  const plasm::testing::TempFolder temporary;
  const crypto::SigningKey receipt_key = tlog::testing::Key(1);
  const crypto::SigningKey log_key = tlog::testing::Key(2);
  const receipt::Runtime runtime = HelloRuntime();
  node::ReceiptIssuer issuer;
  std::unique_ptr<node::GroupCommit> commit;
  Receipts receipts = Receipts::kNone;
  std::int64_t left = 0;
  std::atomic<std::int64_t> delivered = 0;
  std::atomic<std::size_t> delivered_bytes = 0;
};

// One job at a time, and the next one when it has ended, as long as any are left.
class Client final : public worker::JobEvents {
 public:
  Client(worker::Executor& executor, worker::ProgramId program, Node& node)
      : executor_(executor), program_(program), node_(node) {}

  void SubmitNext() {
    if (node_.left == 0) return;
    --node_.left;
    output_.clear();
    input_.Rewind();
    ending_ = std::move(digests_);  // may be calling us
    worker::JobEvents* events = this;
    if (node_.receipts == Receipts::kLogged) {
      const auto number = static_cast<std::uint64_t>(node_.left);  // the requester's, each its own
      const std::string digits = EncodeHex(std::as_bytes(std::span(&number, 1)));
      manifest_.nonce->replace(0, digits.size(), digits);
      document_.replace(nonce_at_, digits.size(), digits);
      digests_ = std::make_unique<execution::ResultDigests>(*this, manifest_.outputs);
      events = digests_.get();
    }
    start_ns_ = node_.clock.RealtimeNs();
    executor_.Submit({.program = program_,
                      .job = execution::JobFor(manifest_),
                      .standard_input = &input_,
                      .timeout_ns = manifest_.limits.wall_time_ms * 1'000'000,
                      .events = events});
  }

  void OnOutput(worker::Stream, ByteView bytes) override { output_ += AsText(bytes); }
  void OnEnded(const worker::JobEnding& ending) override {
    if (ending.status != worker::JobStatus::kExited || output_ != kOutput) {
      Fail("the guest did not do its work: " + ending.message);
    }
    if (digests_) Deliver(ending);
    SubmitNext();
  }

 private:
  void Deliver(const worker::JobEnding& ending) {
    const execution::FinishedRun run = execution::FinishedRunOf(ending, *digests_);
    auto issued =
        node_.issuer.Issue({.id = receipt::RandomJobId(node_.entropy),
                            .manifest = manifest_,
                            .manifest_digest = receipt::ManifestDigest(AsBytes(document_)),
                            .runtime = node_.runtime,
                            .run = run,
                            .start = UtcTime::FromNanoseconds(start_ns_),
                            .end = UtcTime::FromNanoseconds(node_.clock.RealtimeNs())});
    if (!issued) Fail(issued.error().message);
    Node& node = node_;
    const auto submitted =
        node.commit->Submit(*std::move(issued), [&node](Result<node::LoggedReceipt> logged) {
          if (!logged) Fail(logged.error().message);
          node.delivered_bytes += logged->proof.size();
          ++node.delivered;
          node.delivered.notify_one();
        });
    if (!submitted) Fail(submitted.error().message);
  }

  worker::Executor& executor_;
  worker::ProgramId program_;
  Node& node_;
  receipt::Manifest manifest_ = HelloManifest();
  std::string document_ = receipt::SerializeManifest(manifest_);  // as the requester has sent it
  const std::size_t nonce_at_ = document_.find(*manifest_.nonce);
  std::string output_;
  worker::StdinFeed input_{Bytes(AsBytes(kInput).begin(), AsBytes(kInput).end())};
  std::unique_ptr<execution::ResultDigests> digests_;
  std::unique_ptr<execution::ResultDigests> ending_;
  std::uint64_t start_ns_ = 0;
};

struct Taken {
  double seconds = 0;
  double cpu_us_per_job = 0;
};

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

// In batch signing the checkpoint is the signature of a whole group.
void SignedJobs(benchmark::State& state, receipt::Signing signing) {
  const std::int64_t jobs = state.range(0);
  const auto workers = static_cast<unsigned>(state.range(1));
  constexpr unsigned kDepth = 64;
  Node node(signing);
  worker::Executor executor(
      {.worker_program = PLASM_WORKER_PROGRAM, .workers = workers, .pipeline_depth = kDepth},
      node.clock);
  const worker::ProgramId program = executor.AddProgram(ArtefactFile());
  std::deque<Client> clients;
  for (unsigned i = 0; i < workers * kDepth; ++i) clients.emplace_back(executor, program, node);
  const auto run = [&](Receipts receipts) {
    const std::uint64_t cpu_before = CpuNsWithChildren();
    const std::uint64_t begin = node.clock.MonotonicNs();
    node.receipts = receipts;
    node.left = jobs;
    node.delivered = 0;
    for (Client& client : clients) client.SubmitNext();
    if (auto ran = executor.RunUntilIdle(); !ran) Fail(ran.error().message);
    if (receipts == Receipts::kLogged) {
      for (std::int64_t seen = 0; (seen = node.delivered) < jobs;) node.delivered.wait(seen);
    }
    return Taken{static_cast<double>(node.clock.MonotonicNs() - begin) / 1e9,
                 CpuUsPerJob(cpu_before, jobs)};
  };
  run(Receipts::kLogged);  // until each worker has its engine and the artefact

  std::vector<double> unsigned_rates;
  std::vector<double> signed_rates;
  std::vector<double> unsigned_cpu;
  std::vector<double> signed_cpu;
  std::vector<double> ratios;
  for (auto _ : state) {
    const Taken without = run(Receipts::kNone);
    const Taken with = run(Receipts::kLogged);
    unsigned_rates.push_back(static_cast<double>(jobs) / without.seconds);
    signed_rates.push_back(static_cast<double>(jobs) / with.seconds);
    unsigned_cpu.push_back(without.cpu_us_per_job);
    signed_cpu.push_back(with.cpu_us_per_job);
    ratios.push_back(without.seconds / with.seconds);
    state.SetIterationTime(with.seconds);
  }
  node.commit->Stop();
  state.counters["unsigned_per_s"] = Median(unsigned_rates);
  state.counters["signed_per_s"] = Median(signed_rates);
  state.counters["ratio"] = Median(ratios);
  state.counters["unsigned_cpu_us"] = Median(unsigned_cpu);
  state.counters["signed_cpu_us"] = Median(signed_cpu);
}
void SignedJobsInBatch(benchmark::State& state) { SignedJobs(state, receipt::Signing::kBatch); }
void SignedJobsEach(benchmark::State& state) { SignedJobs(state, receipt::Signing::kEach); }
BENCHMARK(SignedJobsInBatch)
    ->ArgNames({"jobs", "workers"})
    ->Args({20'000, 2})
    ->Args({300'000, 2})
    ->Args({300'000, 1})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(SignedJobsEach)
    ->ArgNames({"jobs", "workers"})
    ->Args({20'000, 2})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace plasm::bench
