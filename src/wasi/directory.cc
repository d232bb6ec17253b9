#include "wasi/directory.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace plasm::wasi {
namespace {

// Distance at which an entry is put after the last one: room for 2^20 entries added in
// order, and for ten more between any two of them, before positions must be dealt anew.
constexpr Directory::Position kStep = 1u << 10;

}  // namespace

const Directory::Entry* Directory::Find(std::string_view name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : &*found;
}

void Directory::Insert(std::string_view name, NodeId node) {
  const auto [added, fresh] = entries_.insert(Entry{std::string(name), node, 0});
  assert(fresh);
  (void)fresh;
  const auto next = std::next(added);
  // The free positions are those strictly between `low` and `high`.
  const Position low = added == entries_.begin() ? kFirstPosition - 1 : std::prev(added)->position;
  const Position high = next == entries_.end() ? kEndPosition : next->position;
  if (high - low < 2) return Deal(WidestStep());
  const Position middle = low + (high - low) / 2;
  added->position = next == entries_.end() ? std::min(low + kStep, middle) : middle;
}

void Directory::Erase(std::string_view name) {
  const auto found = entries_.find(name);
  assert(found != entries_.end());
  entries_.erase(found);
}

void Directory::Settle() { Deal(std::min(kStep, WidestStep())); }

void Directory::Deal(Position step) {
  Position position = kFirstPosition - 1;
  for (const Entry& entry : entries_) {
    position += step;
    entry.position = position;
  }
}

Directory::Position Directory::WidestStep() const {
  constexpr Position kRange = kEndPosition - (kFirstPosition - 1);
  return static_cast<Position>(kRange / (entries_.size() + 1));
}

}  // namespace plasm::wasi
