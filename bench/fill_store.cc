// fill_store FOLDER JOBS: the store of a node that has finished so many jobs, by the store's own
// writes. Each has a manifest as hello's, a receipt's bytes and a short output, and refers to the
// module; a few clients share them.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <semaphore>
#include <string>

#include "base/clock.h"
#include "base/decimal.h"
#include "receipt/manifest_v1.h"
#include "store/job_store.h"
#include "store/testing/jobs.h"

namespace plasm::bench {
namespace {

using namespace plasm::store;

constexpr std::size_t kReceiptBytes = 2048;
constexpr std::ptrdiff_t kAtOnce = 4096;
constexpr std::uint64_t kClients = 4;

std::string ManifestOf(std::uint64_t number, const Sha256Digest& module) {
  receipt::Manifest manifest;
  manifest.module = {module, 15'547};
  manifest.args = {"hello.wasm", std::to_string(number)};
  manifest.stdin_name.sha256 = Sha256Of({});
  manifest.limits.memory_bytes = 64 << 20;
  manifest.limits.wall_time_ms = 60'000;
  manifest.start_time_ns = 1'700'000'000'000'000'000 + number;
  return receipt::SerializeManifest(manifest);
}

// Whether every write was kept.
bool Fill(JobStore& store, std::uint64_t jobs, std::uint64_t now_ns) {
  const Sha256Digest module = Sha256Of(AsBytes("module"));
  std::atomic<bool> failed = false;
  std::counting_semaphore<kAtOnce> room(kAtOnce);
  const auto done = [&](bool good) {
    if (!good) failed = true;
    room.release();
  };
  for (std::uint64_t number = 1; number <= jobs; ++number) {
    room.acquire();
    SubmitJob job = testing::Job(number, "client-" + std::to_string(number % kClients));
    job.manifest = testing::BytesFrom(ManifestOf(number, module));
    job.manifest_digest = receipt::ManifestDigest(job.manifest);
    job.submitted_ns = now_ns;
    job.blobs = {module};
    const auto submitted =
        store.Submit<SubmitJob>(std::move(job), [&, now_ns](Result<Submission> submission) {
          if (!submission) return done(false);
          EndJob end = testing::End(submission->seq);
          end.attempts = 1;
          end.started_ns = now_ns;
          end.end.ended_ns = now_ns;
          end.end.exit_code = 0;
          end.end.log =
              LogPosition{"plasm.invalid/00112233445566778899aabbccddeeff", submission->seq - 1};
          end.results.receipt = Bytes(kReceiptBytes);
          const auto ended = store.Submit<EndJob>(
              std::move(end), [&](Result<std::monostate> written) { done(written.has_value()); });
          if (!ended) done(false);
        });
    if (!submitted) done(false);
  }
  for (std::ptrdiff_t i = 0; i < kAtOnce; ++i) room.acquire();
  return !failed;
}

int Main(const std::filesystem::path& folder, const char* count) {
  const auto jobs = ParseDecimal(count);
  auto store = JobStore::Open(folder);
  SystemClock clock;
  if (jobs && store && Fill(*store, *jobs, clock.RealtimeNs())) return 0;
  std::fprintf(stderr, "fill_store: %s\n",
               !jobs    ? jobs.error().message.c_str()
               : !store ? store.error().message.c_str()
                        : "a write failed");
  return 1;
}

}  // namespace
}  // namespace plasm::bench

int main(int count, char** words) {
  if (count == 3) return plasm::bench::Main(words[1], words[2]);
  std::fprintf(stderr, "fill_store FOLDER JOBS\n");
  return 2;
}
