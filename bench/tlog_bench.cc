// The transparency log: durable appends beside the same bytes written to one file, making
// proofs, checking them.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/testing/fixed_entropy.h"
#include "base/testing/temp_folder.h"
#include "base/unique_fd.h"
#include "tlog/folder.h"
#include "tlog/folder_storage.h"
#include "tlog/log_reader.h"
#include "tlog/log_writer.h"
#include "tlog/logged_entry.h"
#include "tlog/testing/memory_storage.h"

namespace plasm::bench {
namespace {

using namespace plasm::tlog;

const std::string kOrigin = "plasm.invalid/00112233445566778899aabbccddeeff";

const crypto::SigningKey& LogKey() {
  static const crypto::SigningKey key = [] {
    plasm::testing::FixedEntropy entropy(1);
    return crypto::SigningKey::Generate(entropy);
  }();
  return key;
}

// What a receipt adds to the log: spec/log.md section 2.
std::string Entry(std::uint64_t number) {
  return "urn:plasm:leaf:v1\nreceipt " + Sha256Of(AsBytes(std::to_string(number))).ToHex() + "\n";
}

std::vector<std::string> Entries(std::uint64_t first, std::size_t count) {
  std::vector<std::string> entries;
  for (std::size_t i = 0; i < count; ++i) entries.push_back(Entry(first + i));
  return entries;
}
std::vector<ByteView> Views(const std::vector<std::string>& texts) {
  std::vector<ByteView> views;
  for (const std::string& text : texts) views.push_back(AsBytes(text));
  return views;
}

// Where the log is on disk: TMPDIR.
void TlogAppendDurably(benchmark::State& state) {
  const plasm::testing::TempFolder temporary;
  auto folder = SystemFolder::Open(temporary / "log", SystemFolder::Access::kWrite);
  FolderStorage storage(*folder);
  auto log = LogWriter::Create(storage, kOrigin, LogKey());
  const auto texts = Entries(0, static_cast<std::size_t>(state.range(0)));
  const auto entries = Views(texts);
  for (auto _ : state) {
    if (auto appended = log->Append(entries); !appended) {
      state.SkipWithError(appended.error().message.c_str());
      return;
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(TlogAppendDurably)
    ->Arg(1)
    ->Arg(100)
    ->Arg(1000)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

// The floor: entries, hashes and checkpoint of one group at the end of one file, one fsync.
void RawAppendDurably(benchmark::State& state) {
  const plasm::testing::TempFolder temporary;
  const UniqueFd fd(open((temporary / "file").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  constexpr std::size_t kCheckpointBytes = 300;
  const Bytes bytes(static_cast<std::size_t>(state.range(0)) * (2 + Entry(0).size() + Hash::kSize) +
                    kCheckpointBytes);
  for (auto _ : state) {
    if (!WriteAll(fd.get(), bytes, "file") || fsync(fd.get()) != 0) {
      state.SkipWithError("write or fsync failed");
      return;
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(RawAppendDurably)
    ->Arg(1)
    ->Arg(100)
    ->Arg(1000)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

// A group as a node delivers it: durable, and a proof file for each entry.
void TlogAppendWithProofs(benchmark::State& state) {
  const plasm::testing::TempFolder temporary;
  auto folder = SystemFolder::Open(temporary / "log", SystemFolder::Access::kWrite);
  FolderStorage storage(*folder);
  auto log = LogWriter::Create(storage, kOrigin, LogKey());
  const auto texts = Entries(0, static_cast<std::size_t>(state.range(0)));
  const auto entries = Views(texts);
  for (auto _ : state) {
    const auto first = log->Append(entries);
    for (std::uint64_t i = 0; first && i < entries.size(); ++i) {
      benchmark::DoNotOptimize(log->ProofText(*first + i));
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(TlogAppendWithProofs)->Arg(100)->Arg(1000)->UseRealTime()->Unit(benchmark::kMicrosecond);

// A log in memory, kept for the benchmarks of one size.
struct MemoryLog {
  explicit MemoryLog(std::uint64_t size) {
    writer = std::make_unique<LogWriter>(*LogWriter::Create(storage, kOrigin, LogKey()));
    constexpr std::size_t kGroup = 4096;
    for (std::uint64_t next = 0; next < size; next += kGroup) {
      const auto texts = Entries(next, std::min<std::uint64_t>(kGroup, size - next));
      std::ignore = writer->Append(Views(texts));
    }
  }
  tlog::testing::MemoryStorage storage;
  std::unique_ptr<LogWriter> writer;
};
enum class Use { kRead, kAppend };
MemoryLog& LogOf(std::int64_t size, Use use = Use::kRead) {
  static std::map<std::pair<std::int64_t, Use>, std::unique_ptr<MemoryLog>> logs;
  auto& log = logs[{size, use}];
  if (!log) log = std::make_unique<MemoryLog>(static_cast<std::uint64_t>(size));
  return *log;
}

// In memory: what the tree alone takes, which does not depend on its size.
void TlogAppendInMemory(benchmark::State& state) {
  MemoryLog& log = LogOf(state.range(0), Use::kAppend);
  constexpr std::size_t kGroup = 100;
  const auto texts = Entries(0, kGroup);
  const auto entries = Views(texts);
  for (auto _ : state) benchmark::DoNotOptimize(log.writer->Append(entries));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kGroup));
}
BENCHMARK(TlogAppendInMemory)
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->Iterations(100)  // more would make it a log of another size
    ->Unit(benchmark::kMicrosecond);

std::uint64_t Next(std::uint64_t& random, std::int64_t size) {
  random = random * 6364136223846793005U + 1442695040888963407U;
  return (random >> 20) % static_cast<std::uint64_t>(size);
}

// An entry somewhere in the log, tiles cached (4 MiB in the writer, all of them in the reader).
void TlogProve(benchmark::State& state) {
  MemoryLog& log = LogOf(state.range(0));
  auto reader = LogReader::Open(log.storage, LogVerifierKey(kOrigin, LogKey().public_key()),
                                static_cast<std::size_t>(state.range(0)) / kTileWidth + 64);
  for (std::uint64_t i = 0; i < reader->size(); i += kTileWidth) {
    benchmark::DoNotOptimize(reader->InclusionProof(i));
  }
  std::uint64_t random = 1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(reader->InclusionProof(Next(random, state.range(0))));
  }
}
BENCHMARK(TlogProve)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);

// The same with every tile read, parsed and hashed again.
void TlogProveUncached(benchmark::State& state) {
  MemoryLog& log = LogOf(state.range(0));
  auto reader = LogReader::Open(log.storage, LogVerifierKey(kOrigin, LogKey().public_key()), 1);
  std::uint64_t random = 1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(reader->InclusionProof(Next(random, state.range(0))));
  }
}
BENCHMARK(TlogProveUncached)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);

// An entry of the last group, from the writer's memory, as a file.
void TlogProveLast(benchmark::State& state) {
  MemoryLog& log = LogOf(state.range(0));
  const std::uint64_t size = log.writer->size();
  std::uint64_t random = 1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(log.writer->ProofText(size - 1 - Next(random, 1000)));
  }
}
BENCHMARK(TlogProveLast)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);

void TlogVerify(benchmark::State& state) {
  MemoryLog& log = LogOf(state.range(0));
  const std::uint64_t index = log.writer->size() / 3;
  const std::string proof = log.writer->Proof(index)->Serialize();
  const std::string entry = Entry(index);
  const ExpectedLog expected{kOrigin, {LogKey().public_key()}};
  for (auto _ : state) {
    const auto check =
        CheckLoggedEntry(AsBytes(entry), AsBytes(proof), expected, nullptr, 1'790'000'000);
    if (check.status != LoggedEntryStatus::kLogged) state.SkipWithError(check.reason.c_str());
  }
}
BENCHMARK(TlogVerify)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);

void TlogVerifyInclusion(benchmark::State& state) {
  MemoryLog& log = LogOf(state.range(0));
  const std::uint64_t index = log.writer->size() / 3;
  const auto proof = *log.writer->InclusionProof(index);
  const Hash leaf = LeafHash(AsBytes(Entry(index)));
  const TreeHead head = log.writer->checkpoint().checkpoint.head;
  for (auto _ : state) {
    benchmark::DoNotOptimize(VerifyInclusion(leaf, index, head, proof));
  }
}
BENCHMARK(TlogVerifyInclusion)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace plasm::bench
