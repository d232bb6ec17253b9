// The Merkle tree of RFC 6962 section 2.1 over SHA-256, and its proofs. Pure, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"

namespace plasm::tlog {

using Hash = Sha256Digest;

// spec/log.md section 6: sizes up to here, so at most 63 hashes in a proof.
inline constexpr std::uint64_t kMaxTreeSize = (std::uint64_t{1} << 63) - 1;
inline constexpr std::size_t kMaxProofHashes = 63;

// What a checkpoint says about a tree.
struct TreeHead {
  std::uint64_t size = 0;
  Hash root;

  friend bool operator==(const TreeHead&, const TreeHead&) = default;
};

// The two have different first bytes, so that a leaf can't pass for a node.
Hash LeafHash(ByteView entry);                         // SHA-256(0x00 || entry)
Hash NodeHash(const Hash& left, const Hash& right);    // SHA-256(0x01 || left || right)
Hash EmptyRoot();                                      // SHA-256("")
Hash RootOfLeaves(std::span<const Hash> leaf_hashes);  // keeps a hash per level

// Whether the hashes lead from the leaf at `index` to the root, none missing and none left
// over (RFC 9162 section 2.1.3.2). kInvalid says what is wrong.
Result<void> VerifyInclusion(const Hash& leaf_hash, std::uint64_t index, const TreeHead& head,
                             std::span<const Hash> proof);

// Whether the newer tree begins with the older one (RFC 9162 section 2.1.4.2). An empty tree
// is the beginning of every tree, and a tree is its own; for these the proof is empty.
Result<void> VerifyConsistency(const TreeHead& older, const TreeHead& newer,
                               std::span<const Hash> proof);

enum class Consistency {
  kConsistent,
  kUnproven,      // the proof leads nowhere: it may be wrong, or the trees
  kInconsistent,  // certainly: the newer root commits to another tree of the older size
};

// As VerifyConsistency, but says whether the two heads contradict each other. For that the
// proof is needed too; where the older size is a power of two it does not suffice, and a
// contradiction is then kUnproven. kInconsistent too for one size with two roots.
Consistency CompareHeads(const TreeHead& older, const TreeHead& newer, std::span<const Hash> proof);

// A node whose subtree is complete: the hash over the leaves [index << level,
// (index + 1) << level).
struct NodePosition {
  unsigned level = 0;
  std::uint64_t index = 0;

  friend bool operator==(const NodePosition&, const NodePosition&) = default;
};

// Where proofs get their hashes from.
class NodeReader {
 public:
  virtual ~NodeReader() = default;
  virtual Result<Hash> Node(NodePosition position) = 0;
};

// The hash over the leaves [begin, end): the one range of an inclusion proof that is no node, at
// the tree's right edge. Neighbours have it in common, and of a log it never changes.
struct EdgeRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  Hash hash;
};

// The hash over the first `size` leaves, and the proofs of RFC 6962 sections 2.1.1 and 2.1.2.
// Each reads O(log size) nodes, all inside the tree of that size. kInvalid for an index or
// older size that is not in the tree, and for sizes above kMaxTreeSize.
Result<Hash> RootAt(std::uint64_t size, NodeReader& nodes);
// `last`: of the proof before, for many proofs from one tree.
Result<std::vector<Hash>> InclusionProof(std::uint64_t index, std::uint64_t size, NodeReader& nodes,
                                         EdgeRange* last = nullptr);
Result<std::vector<Hash>> ConsistencyProof(std::uint64_t older_size, std::uint64_t newer_size,
                                           NodeReader& nodes);

}  // namespace plasm::tlog
