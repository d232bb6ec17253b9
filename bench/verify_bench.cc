// Receipts as a node issues them and a verifier takes them, whole: from the job that has ended
// to the text that is delivered, and from that text to the verdict.
#include <benchmark/benchmark.h>

#include <string>

#include "execution/finished_run.h"
#include "guest.h"
#include "hello_job.h"
#include "node/receipt_issuer.h"
#include "tlog/log_writer.h"
#include "tlog/testing/keys.h"
#include "tlog/testing/memory_storage.h"
#include "verify/verification.h"

namespace plasm::bench {
namespace {

const crypto::SigningKey& Key() {
  static const crypto::SigningKey key = tlog::testing::Key(1);
  return key;
}

execution::FinishedRun HelloRun() {
  execution::FinishedRun run;
  run.outcome.exit_code = 0;
  run.outcome.fuel_used = 12'345;
  run.stdout_subject = {Sha256Of(AsBytes(kOutput)), kOutput.size()};
  run.stderr_subject.digest = Sha256Of({});
  run.wall_time_ns = 30'000;
  return run;
}

node::IssuedReceipt Issue(node::ReceiptIssuer& issuer, const receipt::Manifest& manifest,
                          const receipt::Runtime& runtime, const execution::FinishedRun& run) {
  auto issued = issuer.Issue(
      {.id = "job-1b4e28ba-2fa1-41d2-883f-0016d3cca427",
       .manifest = manifest,
       .manifest_digest = receipt::ManifestDigest(AsBytes(receipt::SerializeManifest(manifest))),
       .runtime = runtime,
       .run = run,
       .start = {1'790'000'000'000},
       .end = {1'790'000'000'000}});
  if (!issued) Fail(issued.error().message);
  return *std::move(issued);
}

void IssueReceipt(benchmark::State& state, receipt::Signing signing) {
  node::ReceiptIssuer issuer(HelloIssuer(signing), Key());
  const receipt::Manifest manifest = HelloManifest();
  const receipt::Runtime runtime = HelloRuntime();
  const execution::FinishedRun run = HelloRun();
  for (auto _ : state) {
    const node::IssuedReceipt issued = Issue(issuer, manifest, runtime, run);
    benchmark::DoNotOptimize(receipt::SerializeEnvelope(issued.envelope));
  }
  state.SetItemsProcessed(state.iterations());
}
void IssueReceiptSignedEach(benchmark::State& state) {
  IssueReceipt(state, receipt::Signing::kEach);
}
// Without the log's part, which TlogAppendWithProofs measures.
void IssueReceiptForBatch(benchmark::State& state) {
  IssueReceipt(state, receipt::Signing::kBatch);
}
BENCHMARK(IssueReceiptSignedEach)->Unit(benchmark::kMicrosecond);
BENCHMARK(IssueReceiptForBatch)->Unit(benchmark::kMicrosecond);

// Under a pinned key, with the manifest at hand.
void VerifyReceipt(benchmark::State& state, receipt::Signing signing) {
  node::ReceiptIssuer issuer(HelloIssuer(signing), Key());
  const receipt::Manifest manifest = HelloManifest();
  const node::IssuedReceipt issued = Issue(issuer, manifest, HelloRuntime(), HelloRun());
  const std::string receipt = receipt::SerializeEnvelope(issued.envelope);
  const std::string asked = receipt::SerializeManifest(manifest);
  verify::Evidence evidence;
  evidence.receipt = AsBytes(receipt);
  evidence.key = Key().public_key();
  evidence.manifest = AsBytes(asked);
  std::string proof;
  if (signing == receipt::Signing::kBatch) {
    tlog::testing::MemoryStorage storage;
    auto log = tlog::LogWriter::Create(storage, kHelloOrigin, Key());
    const std::vector<ByteView> group(1000, AsBytes(issued.log_entry));
    if (!log || !log->Append(group)) Fail("the log takes nothing");
    proof = log->Proof(500)->Serialize();
    evidence.proof = AsBytes(proof);
  }
  for (auto _ : state) {
    const verify::Verification verified = verify::Verify(evidence);
    if (verified.verdict != receipt::Verdict::kValid) Fail(verified.reason);
  }
  state.SetItemsProcessed(state.iterations());
}
void VerifyReceiptSignedEach(benchmark::State& state) {
  VerifyReceipt(state, receipt::Signing::kEach);
}
void VerifyReceiptOfBatch(benchmark::State& state) {
  VerifyReceipt(state, receipt::Signing::kBatch);
}
BENCHMARK(VerifyReceiptSignedEach)->Unit(benchmark::kMicrosecond);
BENCHMARK(VerifyReceiptOfBatch)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace plasm::bench
