// Which modules a node that has just started makes ready before anybody asks for them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"
#include "store/job_store.h"

namespace plasm::jobs {

// Those that come most often, at most `most` of them; of those that come equally often the newer.
// Pure.
std::vector<Sha256Digest> MostUsed(std::span<const Sha256Digest> newest_first, std::size_t most);

// The most used modules of the last jobs that ran in a worker: at most kJobsLookedAt of them, so
// that this takes as long for a node that remembers a million. Waits for the disk.
inline constexpr std::size_t kJobsLookedAt = 256;
Result<std::vector<Sha256Digest>> RecentModules(const store::JobStore& store, std::size_t most);

}  // namespace plasm::jobs
