#include "tlog/merkle.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string>

namespace plasm::tlog {
namespace {

Error Invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

Error TooLarge(std::uint64_t size) {
  return Invalid("tree size: found " + std::to_string(size) + ", expected at most 2^63 - 1");
}

Error WrongCount(const char* what, std::size_t found, std::size_t expected) {
  return Invalid(std::string(what) + ": found " + std::to_string(found) + " hashes, expected " +
                 std::to_string(expected));
}

// The largest power of two below `size`, which is at least 2: where RFC 6962 splits a tree.
std::uint64_t Split(std::uint64_t size) { return std::bit_floor(size - 1); }

// The hash over [begin, end), which starts at a multiple of a power of two that is not smaller
// than its length, as all ranges in proofs do: the complete subtrees in it, folded from the
// right.
Result<Hash> RangeHash(std::uint64_t begin, std::uint64_t end, NodeReader& nodes) {
  if (std::has_single_bit(end - begin)) {
    const auto level = static_cast<unsigned>(std::countr_zero(end - begin));
    return nodes.Node({level, begin >> level});
  }
  std::vector<Hash> complete;
  while (begin < end) {
    const auto level = static_cast<unsigned>(std::bit_width(end - begin) - 1);
    PLASM_TRY(const Hash hash, nodes.Node({level, begin >> level}));
    complete.push_back(hash);
    begin += std::uint64_t{1} << level;
  }
  Hash hash = complete.back();
  for (std::size_t i = complete.size() - 1; i-- > 0;) hash = NodeHash(complete[i], hash);
  return hash;
}

// The same, and if it is no node it is looked for in `edge` first.
Result<Hash> RangeHashOnce(std::uint64_t begin, std::uint64_t end, NodeReader& nodes,
                           EdgeRange& edge) {
  const bool is_node = std::has_single_bit(end - begin);
  if (!is_node && edge.begin == begin && edge.end == end) return edge.hash;
  PLASM_TRY(const Hash hash, RangeHash(begin, end, nodes));
  if (!is_node) edge = {begin, end, hash};
  return hash;
}

// The way from a node to the root, along which both kinds of proof lead: "fn" and "sn" of RFC
// 9162 sections 2.1.3.2 and 2.1.4.2.
class Climb {
 public:
  // `node` and `last`: the numbers of the node and of the last one at its level.
  Climb(std::uint64_t node, std::uint64_t last) : fn_(node), sn_(last) {}

  bool AtRoot() const { return sn_ == 0; }

  // Whether the next sibling is the left one; goes to the node above the two, past levels at
  // which there is none.
  bool NextIsLeft() {
    const bool left = (fn_ & 1) != 0 || fn_ == sn_;
    while (left && (fn_ & 1) == 0 && fn_ != 0) Up();
    Up();
    return left;
  }

 private:
  void Up() {
    fn_ >>= 1;
    sn_ >>= 1;
  }

  std::uint64_t fn_;
  std::uint64_t sn_;
};

// What the nodes of a consistency proof come to, as in RFC 9162 section 2.1.4.2.
struct Walked {
  bool complete = false;  // the proof has the right number of hashes
  Hash older;
  Hash newer;
};

Walked Walk(std::uint64_t older_size, const Hash& older_root, std::uint64_t newer_size,
            std::span<const Hash> proof) {
  const bool older_is_node = std::has_single_bit(older_size);
  const int skipped = std::countr_one(older_size - 1);
  Climb climb((older_size - 1) >> skipped, (newer_size - 1) >> skipped);
  // The older root itself is left out of the proof where it is a node of the newer tree.
  if (!older_is_node && proof.empty()) return {};
  Hash older = older_is_node ? older_root : proof.front();
  Hash newer = older;
  for (const Hash& hash : older_is_node ? proof : proof.subspan(1)) {
    if (climb.AtRoot()) return {};
    if (climb.NextIsLeft()) {
      older = NodeHash(hash, older);
      newer = NodeHash(hash, newer);
    } else {
      newer = NodeHash(newer, hash);
    }
  }
  return {climb.AtRoot(), older, newer};
}

}  // namespace

Hash LeafHash(ByteView entry) {
  static constexpr std::array kPrefix{std::byte{0}};
  Sha256 hash;
  hash.Update(kPrefix);
  hash.Update(entry);
  return hash.Finish();
}

Hash NodeHash(const Hash& left, const Hash& right) {
  std::array<std::byte, 1 + 2 * Hash::kSize> bytes;
  bytes[0] = std::byte{1};
  std::ranges::copy(left.bytes, bytes.begin() + 1);
  std::ranges::copy(right.bytes, bytes.begin() + 1 + Hash::kSize);
  return Sha256Of(bytes);
}

Hash EmptyRoot() { return Sha256Of({}); }

Hash RootOfLeaves(std::span<const Hash> leaf_hashes) {
  if (leaf_hashes.empty()) return EmptyRoot();
  std::vector<Hash> edge;  // roots of the complete subtrees so far, the largest first
  std::uint64_t count = 0;
  for (Hash hash : leaf_hashes) {
    for (std::uint64_t bits = count; (bits & 1) != 0; bits >>= 1) {
      hash = NodeHash(edge.back(), hash);
      edge.pop_back();
    }
    edge.push_back(hash);
    ++count;
  }
  Hash root = edge.back();
  for (std::size_t i = edge.size() - 1; i-- > 0;) root = NodeHash(edge[i], root);
  return root;
}

Result<void> VerifyInclusion(const Hash& leaf_hash, std::uint64_t index, const TreeHead& head,
                             std::span<const Hash> proof) {
  if (head.size > kMaxTreeSize) return TooLarge(head.size);
  if (index >= head.size) {
    return Invalid("index: found " + std::to_string(index) + ", expected less than the size " +
                   std::to_string(head.size));
  }
  // A hash for each level up to where the paths of this leaf and of the last one meet, and
  // above that one wherever this leaf is to the right.
  const auto inner = static_cast<int>(std::bit_width(index ^ (head.size - 1)));
  const auto expected = static_cast<std::size_t>(inner + std::popcount(index >> inner));
  if (proof.size() != expected) return WrongCount("inclusion proof", proof.size(), expected);

  Hash hash = leaf_hash;
  Climb climb(index, head.size - 1);
  for (const Hash& sibling : proof) {
    hash = climb.NextIsLeft() ? NodeHash(sibling, hash) : NodeHash(hash, sibling);
  }
  if (!climb.AtRoot() || hash != head.root) {
    return Invalid("inclusion proof: does not lead from the entry to the root");
  }
  return {};
}

Consistency CompareHeads(const TreeHead& older, const TreeHead& newer,
                         std::span<const Hash> proof) {
  if (newer.size > kMaxTreeSize || older.size > newer.size) return Consistency::kUnproven;
  if (older.size == newer.size) {
    if (older.root != newer.root) return Consistency::kInconsistent;
    return proof.empty() ? Consistency::kConsistent : Consistency::kUnproven;
  }
  if (older.size == 0) {
    return proof.empty() && older.root == EmptyRoot() ? Consistency::kConsistent
                                                      : Consistency::kUnproven;
  }
  const Walked walked = Walk(older.size, older.root, newer.size, proof);
  if (!walked.complete || walked.newer != newer.root) return Consistency::kUnproven;
  // The hashes are the newer tree's own, so what they give for the older size is what the
  // newer root commits to.
  return walked.older == older.root ? Consistency::kConsistent : Consistency::kInconsistent;
}

Result<void> VerifyConsistency(const TreeHead& older, const TreeHead& newer,
                               std::span<const Hash> proof) {
  if (newer.size > kMaxTreeSize) return TooLarge(newer.size);
  if (older.size > newer.size) {
    return Invalid("older size: found " + std::to_string(older.size) + ", expected at most " +
                   std::to_string(newer.size));
  }
  switch (CompareHeads(older, newer, proof)) {
    case Consistency::kConsistent:
      return {};
    case Consistency::kUnproven:
      return Invalid("consistency proof: does not lead to the roots");
    case Consistency::kInconsistent:
      return Invalid("the newer root commits to another tree of size " +
                     std::to_string(older.size));
  }
  return Invalid("consistency proof: does not lead to the roots");
}

Result<Hash> RootAt(std::uint64_t size, NodeReader& nodes) {
  if (size > kMaxTreeSize) return TooLarge(size);
  if (size == 0) return EmptyRoot();
  return RangeHash(0, size, nodes);
}

Result<std::vector<Hash>> InclusionProof(std::uint64_t index, std::uint64_t size, NodeReader& nodes,
                                         EdgeRange* last) {
  if (size > kMaxTreeSize) return TooLarge(size);
  if (index >= size) {
    return Invalid("index: found " + std::to_string(index) + ", expected less than the size " +
                   std::to_string(size));
  }
  EdgeRange own;
  EdgeRange& edge = last != nullptr ? *last : own;
  std::vector<Hash> proof;  // from the root downwards, turned round at the end
  proof.reserve(static_cast<std::size_t>(std::bit_width(size)));
  std::uint64_t begin = 0;
  std::uint64_t end = size;
  while (end - begin > 1) {
    const std::uint64_t middle = begin + Split(end - begin);
    if (index < middle) {
      PLASM_TRY(const Hash right, RangeHashOnce(middle, end, nodes, edge));
      proof.push_back(right);
      end = middle;
    } else {
      PLASM_TRY(const Hash left, RangeHash(begin, middle, nodes));
      proof.push_back(left);
      begin = middle;
    }
  }
  std::ranges::reverse(proof);
  return proof;
}

Result<std::vector<Hash>> ConsistencyProof(std::uint64_t older_size, std::uint64_t newer_size,
                                           NodeReader& nodes) {
  if (newer_size > kMaxTreeSize) return TooLarge(newer_size);
  if (older_size > newer_size) {
    return Invalid("older size: found " + std::to_string(older_size) + ", expected at most " +
                   std::to_string(newer_size));
  }
  std::vector<Hash> proof;
  if (older_size == 0 || older_size == newer_size) return proof;
  std::uint64_t begin = 0;
  std::uint64_t end = newer_size;
  while (older_size != end) {
    const std::uint64_t middle = begin + Split(end - begin);
    if (older_size <= middle) {
      PLASM_TRY(const Hash right, RangeHash(middle, end, nodes));
      proof.push_back(right);
      end = middle;
    } else {
      PLASM_TRY(const Hash left, RangeHash(begin, middle, nodes));
      proof.push_back(left);
      begin = middle;
    }
  }
  // The last piece is the older tree itself where it begins at zero: the verifier has that.
  if (begin != 0) {
    PLASM_TRY(const Hash rest, RangeHash(begin, end, nodes));
    proof.push_back(rest);
  }
  std::ranges::reverse(proof);
  return proof;
}

}  // namespace plasm::tlog
