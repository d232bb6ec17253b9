// What a job costs beside its run: digests and signatures.
#include <benchmark/benchmark.h>

#include "base/entropy.h"
#include "base/sha256.h"
#include "crypto/ed25519.h"

namespace plasm::bench {
namespace {

void Sha256(benchmark::State& state) {
  const Bytes bytes(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(Sha256Of(bytes));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(Sha256)->Arg(256)->Arg(1 << 20);

void Ed25519Sign(benchmark::State& state) {
  SystemEntropy entropy;
  const auto key = crypto::SigningKey::Generate(entropy);
  const Bytes message(256);
  for (auto _ : state) benchmark::DoNotOptimize(key.Sign(message));
}
BENCHMARK(Ed25519Sign)->Unit(benchmark::kMicrosecond);

void Ed25519Verify(benchmark::State& state) {
  SystemEntropy entropy;
  const auto key = crypto::SigningKey::Generate(entropy);
  const Bytes message(256);
  const auto signature = key.Sign(message);
  for (auto _ : state) {
    benchmark::DoNotOptimize(crypto::Verify(key.public_key(), message, signature));
  }
}
BENCHMARK(Ed25519Verify)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace plasm::bench
