// A full check of a log: every entry, every tile, the root and the signature.
#pragma once

#include <cstdint>
#include <functional>

#include "base/result.h"
#include "tlog/checkpoint.h"
#include "tlog/storage.h"

namespace plasm::tlog {

// Called now and then with the number of entries that have been checked, and of all.
using FsckProgress = std::function<void(std::uint64_t checked, std::uint64_t all)>;

// Hashes every entry up to the root; each tile on the way must be exactly what that gives.
// Gives the checkpoint that all of it agrees with. Otherwise kCorrupt, whose message names the
// first resource that is wrong and how; another code is an error of reading. Needs the memory
// of one bundle and one tile a level.
Result<SignedCheckpoint> Fsck(Storage& storage, const VerifierKey& log,
                              const FsckProgress& progress = {});

}  // namespace plasm::tlog
