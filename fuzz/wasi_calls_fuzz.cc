// The host calls against a memory without a guest: any sequence of calls with any arguments
// stays inside that memory, keeps to the limits, and does the same when it is repeated.
//
// Input: bytes that are taken off the front. An operation is one byte: below 46 a call of
// the table, each argument one byte that says where its value comes from; above, bytes to be
// put into memory first, so that paths and lists can be found by mutation.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "expect.h"
#include "wasi/call.h"
#include "wasi/host.h"
#include "wasi/testing/fakes.h"

namespace {

using namespace plasm;
using namespace plasm::wasi;

constexpr std::size_t kMemoryBytes = 16384;
constexpr std::uint64_t kOutputLimit = 4096;
constexpr std::size_t kMaxOperations = 400;

class Input {
 public:
  explicit Input(ByteView bytes) : bytes_(bytes) {}
  bool empty() const { return bytes_.empty(); }
  std::uint8_t Byte() { return static_cast<std::uint8_t>(Number(1)); }
  std::uint64_t Number(std::size_t size) {
    std::uint64_t value = 0;
    const ByteView taken = Take(size);
    if (!taken.empty()) std::memcpy(&value, taken.data(), taken.size());
    return value;
  }
  ByteView Take(std::size_t size) {
    const ByteView taken = bytes_.first(std::min(size, bytes_.size()));
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }

 private:
  ByteView bytes_;
};

FileTree SmallTree() {
  FileTree tree;
  const auto root = tree.AddPreopen("/");
  const auto data = tree.AddPreopen("/data");
  (void)tree.AddFile(*root, "d/f", AsBytes("contents"));
  (void)tree.AddSymlink(*root, "l", "d/f");
  (void)tree.AddSymlink(*root, "o", "o");
  (void)tree.AddFile(*data, "f", AsBytes("more contents"));
  return tree;
}

std::uint64_t Argument(Input& input, char letter) {
  const std::uint8_t source = input.Byte();
  const std::size_t width = letter == 'i' ? 4 : 8;
  if (source < 200) return source;                              // descriptors, flags, lengths
  if (source < 220) return std::uint64_t{source - 200u} * 64u;  // where pokes put things
  switch (source) {
    case 250:
      return kMemoryBytes;
    case 251:
      return kMemoryBytes - input.Byte();
    case 252:
      return letter == 'i' ? 0x7fffffff : 0x7fffffffffffffff;
    case 253:
      return letter == 'i' ? 0x80000000 : 0x8000000000000000;
    case 254:
      return letter == 'i' ? 0xffffffff : ~std::uint64_t{0};
    case 255:
      return 0x3fffffff;  // every right
    default:
      return input.Number(source % 2 ? 2 : width);
  }
}

// What the embedder and the guest can observe of a run.
struct Trace {
  std::vector<std::uint64_t> results;
  std::vector<std::byte> memory;
  std::string out;
  bool operator==(const Trace&) const = default;
};

Trace Run(ByteView data) {
  Input input(data);
  testing::FakeClock clock;
  testing::FakeStreams streams(clock);
  testing::FakeEntropy entropy;
  HostConfig config;
  const std::uint8_t choice = input.Byte();
  config.profile = choice & 1 ? Profile::kLive : Profile::kDet1;
  config.args = {"program", "argument"};
  config.env = {"A=b"};
  config.start_time_ns = choice & 2 ? ~std::uint64_t{0} - 5 : 1'000'000'000;
  config.limits = {
      .output_bytes = kOutputLimit, .file_bytes = 65536, .file_nodes = 64, .open_descriptors = 16};
  streams.input = std::string(300, 'i');
  streams.chunk = choice >> 2;
  if (streams.chunk == 0) streams.chunk = 1;
  Host host(std::move(config), SmallTree(), streams, clock, entropy);

  Trace trace;
  // On the heap and of exactly this size, so that one byte too far is caught.
  trace.memory.resize(kMemoryBytes);
  trace.memory.shrink_to_fit();
  for (std::size_t i = 0; i < kMaxOperations && !input.empty(); ++i) {
    const std::uint8_t operation = input.Byte();
    if (operation >= Calls().size()) {
      const std::size_t at = std::size_t{input.Byte()} % 20 * 64;
      const ByteView bytes = input.Take(operation % 64u);
      if (!bytes.empty()) std::memcpy(trace.memory.data() + at, bytes.data(), bytes.size());
      continue;
    }
    const Call& call = Calls()[operation];
    std::vector<std::uint64_t> args;
    for (const char letter : call.params) args.push_back(Argument(input, letter));
    const CallResult result = call.invoke(host, GuestMemory(trace.memory), args);
    trace.results.push_back(static_cast<std::uint64_t>(result.kind) << 32 | result.value);
    if (result.kind == CallResult::Kind::kReturn) FUZZ_EXPECT(result.value <= 76);
    if (result.kind != CallResult::Kind::kReturn && call.returns) break;
  }
  trace.out = streams.out + streams.err;
  FUZZ_EXPECT(trace.out.size() <= kOutputLimit);
  FUZZ_EXPECT(trace.out.size() == host.output_bytes());
  for (const char* path : {"/", "/d", "/l", "/o", "/data/f"}) {
    const auto found = host.tree().Find(path, FinalLink::kFollow);
    if (!found) continue;
    FUZZ_EXPECT(host.tree().Contents(*found).size() <= 65536);
    for (const auto& listed : host.tree().List(*found)) FUZZ_EXPECT(!listed.name.empty());
  }
  return trace;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes = std::as_bytes(std::span(data, size));
  FUZZ_EXPECT(Run(bytes) == Run(bytes));
  return 0;
}
