#include "worker/supervisor/programs.h"

#include <iterator>
#include <utility>

namespace plasm::worker {

ProgramId Programs::Add(UniqueFd artefact) {
  const ProgramId id = next_++;
  by_use_.push_back(id);
  entries_.emplace(id, Entry{.program = {.artefact = std::move(artefact), .run_time = {}},
                             .place = std::prev(by_use_.end())});
  Trim();
  return id;
}

void Programs::Remove(ProgramId program) {
  const auto entry = entries_.find(program);
  if (entry == entries_.end()) return;
  entry->second.removed = true;
  if (entry->second.jobs == 0) Drop(entry);
}

bool Programs::Has(ProgramId program) const {
  const auto entry = entries_.find(program);
  return entry != entries_.end() && !entry->second.removed;
}

Programs::Program* Programs::Find(ProgramId program) {
  const auto entry = entries_.find(program);
  return entry == entries_.end() ? nullptr : &entry->second.program;
}

bool Programs::Use(ProgramId program) {
  if (!Has(program)) return false;
  Entry& entry = entries_.at(program);
  ++entry.jobs;
  by_use_.splice(by_use_.end(), by_use_, entry.place);
  return true;
}

void Programs::Release(ProgramId program) {
  const auto entry = entries_.find(program);
  if (--entry->second.jobs > 0) return;
  if (entry->second.removed) {
    Drop(entry);
  } else {
    Trim();
  }
}

void Programs::Drop(std::unordered_map<ProgramId, Entry>::iterator entry) {
  gone_.push_back(entry->first);
  by_use_.erase(entry->second.place);
  entries_.erase(entry);
}

// The newest stays: it was added for a job that is about to come.
void Programs::Trim() {
  for (auto id = by_use_.begin(); entries_.size() > most_ && id != std::prev(by_use_.end());) {
    const auto entry = entries_.find(*id++);
    if (entry->second.jobs == 0) Drop(entry);
  }
}

}  // namespace plasm::worker
