// What a receipt costs beside its job: writing, reading, signing and checking it.
#include <benchmark/benchmark.h>

#include <string>

#include "base/bytes.h"
#include "receipt/agreement.h"
#include "receipt/receipt_v2.h"
#include "receipt/result_digest.h"
#include "receipt/testing/examples.h"

namespace plasm::bench {
namespace {

using namespace receipt;

// As most jobs have it: two streams, `files` files, no folder, no nonce.
Statement UsualStatement(std::int64_t files) {
  Statement statement = receipt::testing::ExampleStatement();
  statement.files.clear();
  for (std::int64_t i = 0; i < files; ++i) {
    statement.files.push_back(
        {"/out/" + std::to_string(100'000 + i), receipt::testing::DigestOf("x")});
  }
  statement.input.trees.clear();
  statement.job.requester.reset();
  statement.job.nonce.reset();
  statement.job.not_after.reset();
  statement.result_digest = ResultDigest(statement);
  return statement;
}

Envelope Signed(const Statement& statement) {
  return SignEnvelope(std::string(kReceiptPayloadType),
                      receipt::testing::ToBytes(SerializeStatement(statement)),
                      receipt::testing::ExampleKey(2));
}

void StatementSerialize(benchmark::State& state) {
  const Statement statement = UsualStatement(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(SerializeStatement(statement));
  state.counters["bytes"] = static_cast<double>(SerializeStatement(statement).size());
}
BENCHMARK(StatementSerialize)->Arg(0)->Arg(70'000)->Unit(benchmark::kMicrosecond);

void StatementParse(benchmark::State& state) {
  const std::string json = SerializeStatement(UsualStatement(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(ParseStatement(AsBytes(json)));
}
BENCHMARK(StatementParse)->Arg(0)->Arg(70'000)->Unit(benchmark::kMicrosecond);

void StatementResultDigest(benchmark::State& state) {
  const Statement statement = UsualStatement(0);
  for (auto _ : state) benchmark::DoNotOptimize(ResultDigest(statement));
}
BENCHMARK(StatementResultDigest)->Unit(benchmark::kMicrosecond);

void ManifestSerializeAndDigest(benchmark::State& state) {
  const Manifest manifest = receipt::testing::ExampleManifest();
  for (auto _ : state) {
    benchmark::DoNotOptimize(ManifestDigest(AsBytes(SerializeManifest(manifest))));
  }
}
BENCHMARK(ManifestSerializeAndDigest)->Unit(benchmark::kMicrosecond);

// A receipt that goes into a batch: no signature of its own, but the digest for the log.
void ReceiptForBatch(benchmark::State& state) {
  const Statement statement = UsualStatement(0);
  for (auto _ : state) {
    const std::string payload = SerializeStatement(statement);
    benchmark::DoNotOptimize(LogEntry(LeafReceiptDigest(AsBytes(payload))));
  }
}
BENCHMARK(ReceiptForBatch)->Unit(benchmark::kMicrosecond);

// A receipt with a signature of its own, from the statement to the file's text.
void ReceiptSignEach(benchmark::State& state) {
  const Statement statement = UsualStatement(0);
  const auto key = receipt::testing::ExampleKey(2);
  for (auto _ : state) {
    const std::string payload = SerializeStatement(statement);
    benchmark::DoNotOptimize(SerializeEnvelope(
        SignEnvelope(std::string(kReceiptPayloadType), receipt::testing::ToBytes(payload), key)));
  }
}
BENCHMARK(ReceiptSignEach)->Unit(benchmark::kMicrosecond);

// From the file's text: form, signature, agreement.
void ReceiptVerifyEach(benchmark::State& state) {
  const std::string json = SerializeEnvelope(Signed(UsualStatement(0)));
  const auto key = receipt::testing::ExampleKey(2).public_key();
  for (auto _ : state) {
    const auto read = ParseReceiptV2(AsBytes(json));
    benchmark::DoNotOptimize(VerifyEnvelope(read->envelope, key));
    benchmark::DoNotOptimize(CheckAgreement(read->statement).has_value());
  }
}
BENCHMARK(ReceiptVerifyEach)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace plasm::bench
