// The entries of one folder, sorted bytewise by name, each with a position that a
// directory cookie can name.
#pragma once

#include <compare>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace plasm::wasi {

using NodeId = std::uint32_t;

class Directory {
 public:
  using Position = std::uint32_t;

  struct Entry {
    std::string name;
    NodeId node;
    mutable Position position;  // grows with the name; kept while the entry exists, see Insert
  };

  // Positions below this are left to "." and "..". All of them fit a 32-bit signed number,
  // which is what a 32-bit guest's telldir() can hold.
  static constexpr Position kFirstPosition = 3;
  static constexpr Position kEndPosition = 0x7fffffff;

  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }

  const Entry* Find(std::string_view name) const;

  // `name` must not be present. Other entries keep their positions, unless no number is
  // left between the neighbours: then all entries of the folder get new ones.
  void Insert(std::string_view name, NodeId node);

  // Gives the entries the positions that they would have, had they been added in order.
  void Settle();

  // `name` must be present.
  void Erase(std::string_view name);

 private:
  struct Order {
    using is_transparent = void;
    bool operator()(const Entry& a, const Entry& b) const { return a.name < b.name; }
    bool operator()(const Entry& a, std::string_view b) const { return a.name < b; }
    bool operator()(std::string_view a, const Entry& b) const { return a < b.name; }
    // Positions are in the order of the names, so the same tree answers for both.
    bool operator()(const Entry& a, Position b) const { return a.position < b; }
    bool operator()(Position a, const Entry& b) const { return a < b.position; }
  };
  using Entries = std::set<Entry, Order>;

  // The i-th entry, from 1, gets position kFirstPosition - 1 + step * i.
  void Deal(Position step);
  // The step that spreads the entries over all positions.
  Position WidestStep() const;

  Entries entries_;

 public:
  using Iterator = Entries::const_iterator;
  Iterator begin() const { return entries_.begin(); }
  Iterator end() const { return entries_.end(); }
  // The first entry at `position` or later.
  Iterator From(Position position) const { return entries_.lower_bound(position); }
};

}  // namespace plasm::wasi
