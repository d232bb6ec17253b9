// For tests: a tree whose leaves are all in memory, and its nodes by the definition.
#pragma once

#include <bit>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tlog/merkle.h"

namespace plasm::tlog::testing {

// MTH of RFC 6962 section 2.1, as it is written there.
inline Hash TreeHash(std::span<const Hash> leaves) {
  if (leaves.empty()) return EmptyRoot();
  if (leaves.size() == 1) return leaves.front();
  const std::size_t split = std::bit_floor(leaves.size() - 1);
  return NodeHash(TreeHash(leaves.first(split)), TreeHash(leaves.subspan(split)));
}

// `count` different leaves.
inline std::vector<Hash> Leaves(std::size_t count) {
  std::vector<Hash> leaves;
  for (std::size_t i = 0; i < count; ++i) {
    leaves.push_back(LeafHash(AsBytes("leaf " + std::to_string(i))));
  }
  return leaves;
}

class MemoryNodes final : public NodeReader {
 public:
  explicit MemoryNodes(std::vector<Hash> leaves) : leaves_(std::move(leaves)) {}
  Result<Hash> Node(NodePosition position) override {
    const std::uint64_t begin = position.index << position.level;
    const std::uint64_t count = std::uint64_t{1} << position.level;
    if (begin + count > leaves_.size()) return Error{ErrorCode::kNotFound, "outside the tree"};
    return TreeHash(std::span(leaves_).subspan(begin, count));
  }
  TreeHead HeadAt(std::uint64_t size) const {
    return {size, TreeHash(std::span(leaves_).first(size))};
  }
  const std::vector<Hash>& leaves() const { return leaves_; }

 private:
  std::vector<Hash> leaves_;
};

}  // namespace plasm::tlog::testing
