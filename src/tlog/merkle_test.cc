#include "tlog/merkle.h"

#include <gtest/gtest.h>

#include "base/hex.h"
#include "tlog/testing/memory_nodes.h"

namespace plasm::tlog {
namespace {

using testing::Leaves;
using testing::MemoryNodes;
using testing::TreeHash;

constexpr std::size_t kLargest = 70;  // crosses 64, and all shapes of the right edge

TEST(MerkleTest, GivesTheRootsOfTheKnownTestVectors) {
  const std::vector<std::string> entries = {"",
                                            "00",
                                            "10",
                                            "2021",
                                            "3031",
                                            "40414243",
                                            "5051525354555657",
                                            "606162636465666768696a6b6c6d6e6f"};
  const std::vector<std::string> roots = {
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  std::vector<Hash> leaves;
  EXPECT_EQ(RootOfLeaves(leaves).ToHex(), roots[0]);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    leaves.push_back(LeafHash(*DecodeHex(entries[i])));
    EXPECT_EQ(RootOfLeaves(leaves).ToHex(), roots[i + 1]);
    MemoryNodes nodes(leaves);
    EXPECT_EQ(RootAt(leaves.size(), nodes)->ToHex(), roots[i + 1]);
  }
}

TEST(MerkleTest, FoldsRootsAsTheDefinitionSays) {
  const auto leaves = Leaves(kLargest);
  for (std::size_t size = 0; size <= kLargest; ++size) {
    EXPECT_EQ(RootOfLeaves(std::span(leaves).first(size)), TreeHash(std::span(leaves).first(size)));
  }
}

TEST(MerkleTest, ProvesEveryLeafOfEverySize) {
  MemoryNodes nodes(Leaves(kLargest));
  for (std::uint64_t size = 1; size <= kLargest; ++size) {
    const TreeHead head = nodes.HeadAt(size);
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto proof = InclusionProof(index, size, nodes);
      ASSERT_TRUE(proof);
      EXPECT_TRUE(VerifyInclusion(nodes.leaves()[index], index, head, *proof))
          << index << " of " << size;
    }
  }
}

TEST(MerkleTest, ProvesEveryPairOfSizes) {
  MemoryNodes nodes(Leaves(kLargest));
  for (std::uint64_t newer = 0; newer <= kLargest; ++newer) {
    for (std::uint64_t older = 0; older <= newer; ++older) {
      const auto proof = ConsistencyProof(older, newer, nodes);
      ASSERT_TRUE(proof);
      EXPECT_TRUE(VerifyConsistency(nodes.HeadAt(older), nodes.HeadAt(newer), *proof))
          << older << " in " << newer;
    }
  }
}

TEST(MerkleTest, RefusesAnInclusionProofAtAnotherIndex) {
  MemoryNodes nodes(Leaves(21));
  const TreeHead head = nodes.HeadAt(21);
  for (std::uint64_t index = 0; index < 21; ++index) {
    const auto proof = InclusionProof(index, 21, nodes);
    for (std::uint64_t other = 0; other < 21; ++other) {
      EXPECT_EQ(VerifyInclusion(nodes.leaves()[index], other, head, *proof).has_value(),
                other == index);
    }
  }
}

TEST(MerkleTest, RefusesAnIndexThatIsNotInTheTree) {
  MemoryNodes nodes(Leaves(8));
  const auto proof = InclusionProof(7, 8, nodes);
  // Without the check the path of index 15 in a tree of 8 would be that of 7.
  for (const std::uint64_t index : {std::uint64_t{8}, std::uint64_t{15}, ~std::uint64_t{0}}) {
    EXPECT_FALSE(VerifyInclusion(nodes.leaves()[7], index, nodes.HeadAt(8), *proof));
    EXPECT_FALSE(InclusionProof(index, 8, nodes));
  }
  EXPECT_FALSE(VerifyInclusion(nodes.leaves()[0], 0, nodes.HeadAt(0), {}));
  // A log that signs the root of two leaves as that of one.
  const Hash root = NodeHash(nodes.leaves()[0], nodes.leaves()[1]);
  EXPECT_FALSE(
      VerifyInclusion(nodes.leaves()[1], 1, {1, root}, std::span(nodes.leaves()).first(1)));
}

TEST(MerkleTest, RefusesMissingAndSurplusHashesInInclusionProofs) {
  MemoryNodes nodes(Leaves(kLargest));
  for (std::uint64_t size = 1; size <= kLargest; ++size) {
    for (std::uint64_t index = 0; index < size; ++index) {
      auto proof = *InclusionProof(index, size, nodes);
      const TreeHead head = nodes.HeadAt(size);
      proof.push_back(EmptyRoot());
      EXPECT_FALSE(VerifyInclusion(nodes.leaves()[index], index, head, proof));
      proof.pop_back();
      if (proof.empty()) continue;
      proof.pop_back();
      EXPECT_FALSE(VerifyInclusion(nodes.leaves()[index], index, head, proof));
    }
  }
}

TEST(MerkleTest, RefusesMissingSurplusAndChangedHashesInConsistencyProofs) {
  MemoryNodes nodes(Leaves(40));
  for (std::uint64_t newer = 1; newer <= 40; ++newer) {
    for (std::uint64_t older = 0; older <= newer; ++older) {
      auto proof = *ConsistencyProof(older, newer, nodes);
      const TreeHead from = nodes.HeadAt(older);
      const TreeHead to = nodes.HeadAt(newer);
      proof.push_back(EmptyRoot());
      EXPECT_FALSE(VerifyConsistency(from, to, proof));
      proof.pop_back();
      for (Hash& hash : proof) {
        hash.bytes[0] ^= std::byte{1};
        EXPECT_FALSE(VerifyConsistency(from, to, proof));
        hash.bytes[0] ^= std::byte{1};
      }
      if (proof.empty()) continue;
      proof.pop_back();
      EXPECT_FALSE(VerifyConsistency(from, to, proof));
    }
  }
}

TEST(MerkleTest, ATreeOfOneLeafHasAnEmptyProof) {
  const Hash leaf = LeafHash(AsBytes("only"));
  EXPECT_TRUE(VerifyInclusion(leaf, 0, {1, leaf}, {}));
  EXPECT_FALSE(VerifyInclusion(leaf, 0, {1, EmptyRoot()}, {}));
}

TEST(MerkleTest, TakesTheLargestTreeAndNoLargerOne) {
  // The leaves of a tree of 2^63 - 1 cannot be made, but one path through it can.
  Hash hash = LeafHash(AsBytes("last"));
  const Hash leaf = hash;
  std::vector<Hash> proof;
  for (int i = 0; i < 62; ++i) {  // the last index has 62 ones
    proof.push_back(LeafHash(AsBytes(std::to_string(i))));
    hash = NodeHash(proof.back(), hash);
  }
  EXPECT_TRUE(VerifyInclusion(leaf, kMaxTreeSize - 1, {kMaxTreeSize, hash}, proof));
  EXPECT_FALSE(VerifyInclusion(leaf, kMaxTreeSize - 1, {kMaxTreeSize + 1, hash}, proof));
  EXPECT_FALSE(VerifyInclusion(leaf, kMaxTreeSize, {~std::uint64_t{0}, hash}, proof));
  EXPECT_FALSE(VerifyConsistency({1, leaf}, {kMaxTreeSize + 1, hash}, proof));
  MemoryNodes nodes({});
  EXPECT_FALSE(RootAt(kMaxTreeSize + 1, nodes));
  EXPECT_FALSE(InclusionProof(0, kMaxTreeSize + 1, nodes));
  EXPECT_FALSE(ConsistencyProof(0, kMaxTreeSize + 1, nodes));
}

TEST(MerkleTest, ALeafDoesNotPassForANode) {
  const auto leaves = Leaves(2);
  // An entry that spells out an inner node: its bytes are those that NodeHash takes.
  Bytes entry(leaves[0].bytes.begin(), leaves[0].bytes.end());
  entry.insert(entry.end(), leaves[1].bytes.begin(), leaves[1].bytes.end());
  const Hash root = NodeHash(leaves[0], leaves[1]);
  EXPECT_NE(LeafHash(entry), root);
  EXPECT_FALSE(VerifyInclusion(LeafHash(entry), 0, {1, root}, {}));
  // Nor does a node pass for a leaf, in a tree said to be shallower than it is.
  MemoryNodes nodes(Leaves(4));
  const Hash left = NodeHash(nodes.leaves()[0], nodes.leaves()[1]);
  const Hash right = NodeHash(nodes.leaves()[2], nodes.leaves()[3]);
  Bytes spelled(nodes.leaves()[0].bytes.begin(), nodes.leaves()[0].bytes.end());
  spelled.insert(spelled.end(), nodes.leaves()[1].bytes.begin(), nodes.leaves()[1].bytes.end());
  EXPECT_TRUE(VerifyInclusion(left, 0, {2, nodes.HeadAt(4).root}, std::vector{right}));
  EXPECT_FALSE(
      VerifyInclusion(LeafHash(spelled), 0, {2, nodes.HeadAt(4).root}, std::vector{right}));
}

TEST(MerkleTest, AShorterTreeIsNoContinuation) {
  MemoryNodes nodes(Leaves(8));
  EXPECT_FALSE(VerifyConsistency(nodes.HeadAt(8), nodes.HeadAt(7), {}));
  EXPECT_FALSE(ConsistencyProof(8, 7, nodes));
}

TEST(MerkleTest, AnEmptyTreeWithAnotherRootBeginsNothing) {
  MemoryNodes nodes(Leaves(3));
  EXPECT_FALSE(VerifyConsistency({0, nodes.HeadAt(1).root}, nodes.HeadAt(3), {}));
}

TEST(MerkleTest, TellsAContradictionFromABadProof) {
  MemoryNodes nodes(Leaves(11));
  auto other_leaves = Leaves(11);
  other_leaves[2] = LeafHash(AsBytes("another history"));
  MemoryNodes other(other_leaves);
  const auto proof = *ConsistencyProof(7, 11, other);
  EXPECT_EQ(CompareHeads(other.HeadAt(7), other.HeadAt(11), proof), Consistency::kConsistent);
  EXPECT_EQ(CompareHeads(nodes.HeadAt(7), other.HeadAt(11), proof), Consistency::kInconsistent);
  EXPECT_EQ(CompareHeads(nodes.HeadAt(7), other.HeadAt(11), {}), Consistency::kUnproven);
  EXPECT_EQ(CompareHeads(nodes.HeadAt(7), nodes.HeadAt(11), proof), Consistency::kUnproven);
  EXPECT_EQ(CompareHeads(nodes.HeadAt(7), other.HeadAt(7), {}), Consistency::kInconsistent);
  EXPECT_EQ(CompareHeads(nodes.HeadAt(11), nodes.HeadAt(7), {}), Consistency::kUnproven);
}

}  // namespace
}  // namespace plasm::tlog
