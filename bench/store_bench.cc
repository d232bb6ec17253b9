// The store of jobs: durable submissions and whole lives of jobs in groups, beside the same bytes
// written to one file with one fsync a group. `cpu_us_per_job` is the processor time of the whole
// process.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <ctime>
#include <semaphore>
#include <string>

#include "base/file.h"
#include "base/testing/temp_folder.h"
#include "base/unique_fd.h"
#include "store/job_store.h"
#include "store/testing/jobs.h"

namespace plasm::bench {
namespace {

using namespace plasm::store;

constexpr std::size_t kManifestBytes = 1024;
constexpr std::size_t kReceiptBytes = 2048;
constexpr std::int64_t kRounds = 8;  // of all that wait, in one iteration

double ProcessSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

enum class Life { kSubmittedOnly, kWhole };

// So many jobs are under way at any moment; each that is done is followed by another one.
class Load {
 public:
  Load(JobStore& store, Life life) : store_(store), life_(life), receipt_(kReceiptBytes) {}

  void Run(std::int64_t at_once, std::int64_t jobs) {
    left_ = jobs - at_once;
    unfinished_ = jobs;
    for (std::int64_t i = 0; i < at_once; ++i) Begin();
    all_done_.acquire();
  }
  bool failed() const { return failed_; }

 private:
  void Begin() {
    // The manifest's digest is the caller's work, as taking it is in a node.
    SubmitJob job = store::testing::Job(++number_);
    job.manifest.resize(kManifestBytes);
    job.blobs = {module_};
    Expect(store_.Submit<SubmitJob>(std::move(job), [this](Result<Submission> submission) {
      if (!submission) {
        Expect(submission.error());
        return Finished();
      }
      if (life_ == Life::kSubmittedOnly) return Finished();
      End(submission->seq);
    }));
  }
  void End(std::uint64_t seq) {
    Expect(store_.Submit<MarkStarted>({seq, 1, 5}, [](Result<std::monostate>) {}));
    EndJob end = store::testing::End(seq);
    end.end.exit_code = 0;
    end.end.fuel_used = 4482;
    end.end.result_digest = module_;
    end.end.log = LogPosition{"plasm.invalid/00112233445566778899aabbccddeeff", seq};
    end.results.receipt = receipt_;
    Expect(store_.Submit<EndJob>(std::move(end), [this](Result<std::monostate> ended) {
      Expect(ended ? Result<void>() : Result<void>(ended.error()));
      Finished();
    }));
  }
  void Finished() {
    if (left_-- > 0) Begin();
    if (--unfinished_ == 0) all_done_.release();
  }
  void Expect(const Result<void>& result) {
    if (!result) failed_ = true;
  }

  JobStore& store_;
  const Life life_;
  const Bytes receipt_;
  const Sha256Digest module_ = Sha256Of(AsBytes("module"));
  std::atomic<std::uint64_t> number_ = 0;
  std::atomic<std::int64_t> left_ = 0;
  std::atomic<std::int64_t> unfinished_ = 0;
  std::atomic<bool> failed_ = false;
  std::binary_semaphore all_done_{0};
};

void RunLoad(benchmark::State& state, Life life) {
  const plasm::testing::TempFolder folder;
  auto store = JobStore::Open(folder / "store");
  if (!store) return state.SkipWithError(store.error().message.c_str());
  Load load(*store, life);
  const double begun = ProcessSeconds();
  for (auto _ : state) load.Run(state.range(0), state.range(0) * kRounds);
  if (load.failed()) state.SkipWithError("a write failed");
  const auto jobs = static_cast<double>(state.iterations() * state.range(0) * kRounds);
  state.SetItemsProcessed(state.iterations() * state.range(0) * kRounds);
  state.counters["cpu_us_per_job"] = (ProcessSeconds() - begun) * 1e6 / jobs;
}

// Where the database is on disk: TMPDIR.
void StoreSubmitDurably(benchmark::State& state) { RunLoad(state, Life::kSubmittedOnly); }
BENCHMARK(StoreSubmitDurably)->Arg(1)->Arg(100)->Arg(1000)->UseRealTime();

void StoreWholeLife(benchmark::State& state) { RunLoad(state, Life::kWhole); }
BENCHMARK(StoreWholeLife)->Arg(1)->Arg(100)->Arg(1000)->UseRealTime();

// The floor: the manifests of one group at the end of one file, and one fsync.
void StoreRawAppend(benchmark::State& state) {
  const plasm::testing::TempFolder folder;
  const UniqueFd fd(open((folder / "file").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  const Bytes bytes(static_cast<std::size_t>(state.range(0)) * kManifestBytes);
  for (auto _ : state) {
    if (!WriteAll(fd.get(), bytes, "file") || fsync(fd.get()) != 0) {
      return state.SkipWithError("write or fsync failed");
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(StoreRawAppend)->Arg(1)->Arg(100)->Arg(1000)->UseRealTime();

}  // namespace
}  // namespace plasm::bench
