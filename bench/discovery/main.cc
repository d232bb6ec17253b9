// discovery_sim [NODES…]: what a look-up costs among so many nodes: hints, probes, processor time,
// memory, and with delays as on the internet the time until enough nodes are found. Search, pool,
// cards and signatures are the real ones; DHT and network are simulated, in this process.
#include <malloc.h>
#include <sys/resource.h>

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/decimal.h"
#include "discovery/found_nodes.h"
#include "discovery/hint_pool.h"
#include "discovery/search.h"
#include "discovery/selection.h"
#include "discovery/simulated_dht.h"
#include "discovery/simulated_nodes.h"

namespace plasm::bench {
namespace {

constexpr std::size_t kBadOf100 = 30;
constexpr Latency kInternet{.answer_ns = 120'000'000, .silence_ns = 2'000'000'000};
constexpr Latency kNone{};

std::uint64_t ProcessorNs() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ns = [](const timeval& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(time.tv_usec) * 1000;
  };
  return ns(usage.ru_utime) + ns(usage.ru_stime);
}

std::size_t AllocatedBytes() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

struct LookUp {
  const char* name;
  discovery::Query query;
  discovery::SearchSettings settings;
  Latency latency;
};

// One searcher: what it knows stays from one look-up to the next.
class Searcher {
 public:
  Searcher(const SimulatedNodes& nodes, discovery::HintSource& source)
      : nodes_(nodes), source_(source) {}

  void Run(const LookUp& look_up) {
    discovery::Search search(
        {.sources = {&source_},
         .probe = [&](const net::Endpoint& endpoint,
                      int stop_fd) { return nodes_.Probe(endpoint, look_up.latency, stop_fd); },
         .pool = pool_,
         .found = found_,
         .clock = clock_});
    const std::size_t bytes = AllocatedBytes();
    const std::uint64_t processor = ProcessorNs();
    const std::uint64_t begin = clock_.MonotonicNs();
    const auto report = search.Run(look_up.query, look_up.settings, -1);
    const std::uint64_t wall_ns = clock_.MonotonicNs() - begin;
    const std::uint64_t processor_ns = ProcessorNs() - processor;
    if (!report) return (void)std::printf("%s\n", report.error().message.c_str());
    std::size_t fitting = 0;
    for (const discovery::FoundNode* node : found_.Nodes()) {
      if (Matches(look_up.query.selection, node->card.card.capabilities)) ++fitting;
    }
    const std::size_t more = AllocatedBytes();
    std::printf("%-28s %6zu %6zu %7zu %8zu %7zu %9.1f %9.1f %8.0f\n", look_up.name, report->hints,
                report->dropped, report->probes, report->unanswered + report->refused, fitting,
                static_cast<double>(processor_ns) / 1e6, static_cast<double>(wall_ns) / 1e6,
                more > bytes ? static_cast<double>(more - bytes) / 1024 : 0.0);
  }

 private:
  const SimulatedNodes& nodes_;
  discovery::HintSource& source_;
  SystemClock clock_;
  discovery::HintPool pool_;
  discovery::FoundNodes found_;
};

discovery::Query Selecting(std::string_view text) {
  return {.selection = *discovery::Selection::Parse(text), .identities = {}};
}

discovery::SearchSettings UntilFound(std::size_t enough) {
  return {.are_enough = [enough](const auto& matching) { return matching.size() >= enough; }};
}

void Measure(std::size_t count) {
  const SimulatedNodes nodes(count, kBadOf100);
  SimulatedDht dht(nodes);
  SimulatedList list(nodes);
  constexpr std::uint64_t kLong = 600'000'000'000;
  std::printf("\n%zu nodes\n%-28s %6s %6s %7s %8s %7s %9s %9s %8s\n", count, "look-up", "hints",
              "drop", "probes", "in vain", "fitting", "cpu ms", "wall ms", "KiB more");
  Searcher all(nodes, dht);
  all.Run({"any, no delays", {}, {.timeout_ns = kLong}, kNone});
  all.Run({"any, again", {}, {.timeout_ns = kLong}, kNone});
  Searcher(nodes, list).Run({"a list of all, no delays", {}, {.timeout_ns = kLong}, kNone});
  Searcher(nodes, dht).Run({"any, 3 s", {}, {}, kInternet});
  Searcher(nodes, dht).Run({"three, any", {}, UntilFound(3), kInternet});
  Searcher(nodes, dht)
      .Run({"three, gpu=yes (1 of 20)", Selecting("label.gpu=yes"), UntilFound(3), kInternet});
  Searcher(nodes, dht)
      .Run({"three, cores>=64 (1 of 6)", Selecting("cores>=64"), UntilFound(3), kInternet});
  Searcher(nodes, dht)
      .Run({"one, rare=yes (ten of all)", Selecting("label.rare=yes"), UntilFound(1), kInternet});
}

}  // namespace
}  // namespace plasm::bench

int main(int argc, char** argv) {
  std::vector<std::size_t> counts;
  for (int i = 1; i < argc; ++i) {
    const auto count = plasm::ParseDecimal(argv[i]);
    if (!count || *count < 10 || *count > 100'000) {
      std::fprintf(stderr, "discovery_sim: found %s, expected 10 to 100000 nodes\n", argv[i]);
      return 2;
    }
    counts.push_back(*count);
  }
  if (counts.empty()) counts = {100, 1'000, 10'000};
  for (const std::size_t count : counts) plasm::bench::Measure(count);
  return 0;
}
