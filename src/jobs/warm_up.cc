#include "jobs/warm_up.h"

#include <algorithm>
#include <map>
#include <optional>

#include "receipt/manifest_v1.h"

namespace plasm::jobs {
namespace {

constexpr int kMostPages = 8;  // a page may be short, or empty

}  // namespace

std::vector<Sha256Digest> MostUsed(std::span<const Sha256Digest> newest_first, std::size_t most) {
  struct Use {
    Sha256Digest module;
    std::size_t times = 0;
  };
  std::vector<Use> uses;  // the newest first
  std::map<Sha256Digest, std::size_t> places;
  for (const Sha256Digest& module : newest_first) {
    const auto [place, is_new] = places.try_emplace(module, uses.size());
    if (is_new) uses.push_back({module});
    ++uses[place->second].times;
  }
  std::ranges::sort(uses, [&](const Use& a, const Use& b) {
    return a.times != b.times ? a.times > b.times : places.at(a.module) < places.at(b.module);
  });
  std::vector<Sha256Digest> modules;
  for (std::size_t i = 0; i < std::min(most, uses.size()); ++i) modules.push_back(uses[i].module);
  return modules;
}

Result<std::vector<Sha256Digest>> RecentModules(const store::JobStore& store, std::size_t most) {
  using store::JobState;
  // A module that can't be compiled, or that takes its worker with it, is nothing to begin with.
  const store::JobFilter ran{.states = {JobState::kExited, JobState::kTrapped, JobState::kOutOfFuel,
                                        JobState::kTimedOut, JobState::kOutputLimit,
                                        JobState::kCancelled}};
  std::vector<Sha256Digest> newest_first;
  std::optional<store::JobCursor> cursor;
  for (int page_number = 0; most > 0 && page_number < kMostPages; ++page_number) {
    PLASM_TRY(const store::JobPage page,
              store.List(ran, cursor, kJobsLookedAt - newest_first.size()));
    for (const store::JobSummary& job : page.jobs) {
      PLASM_TRY(const auto record, store.FindBySeq(job.seq));
      if (!record) continue;  // forgotten meanwhile
      const auto manifest = receipt::ParseManifest(record->manifest);
      if (manifest) newest_first.push_back(manifest->module.sha256);
    }
    cursor = page.next;
    if (!cursor || newest_first.size() >= kJobsLookedAt) break;
  }
  return MostUsed(newest_first, most);
}

}  // namespace plasm::jobs
