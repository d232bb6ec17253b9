// The artefacts that an executor knows: no more than a bound, the least recently used goes.
#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "worker/protocol/messages.h"
#include "worker/supervisor/run_time.h"

namespace plasm::worker {

// Not thread-safe.
class Programs {
 public:
  struct Program {
    UniqueFd artefact;
    RunTime run_time;
  };

  // Goes beyond `most` only while more than that are in use.
  explicit Programs(std::size_t most) : most_(most) {}

  // A number is never used twice. Those that must go for it are then in TakeGone.
  ProgramId Add(UniqueFd artefact);
  // Goes at once, or when the last job that uses it has ended; is not found from now on.
  void Remove(ProgramId program);
  bool Has(ProgramId program) const;
  // Null when it is gone. Valid until the next call that is not const.
  Program* Find(ProgramId program);

  // A job needs it, until Release. Nothing, and false, when it is not known.
  bool Use(ProgramId program);
  void Release(ProgramId program);

  // The programs that have gone since the last call.
  std::vector<ProgramId> TakeGone() { return std::exchange(gone_, {}); }

 private:
  struct Entry {
    Program program;
    std::size_t jobs = 0;  // that use it
    bool removed = false;
    std::list<ProgramId>::iterator place;  // in by_use_
  };

  void Drop(std::unordered_map<ProgramId, Entry>::iterator entry);
  void Trim();

  std::size_t most_;
  ProgramId next_ = 0;
  std::unordered_map<ProgramId, Entry> entries_;
  std::list<ProgramId> by_use_;  // the least recently used first
  std::vector<ProgramId> gone_;
};

}  // namespace plasm::worker
