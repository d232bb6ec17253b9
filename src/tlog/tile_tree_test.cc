#include "tlog/tile_tree.h"

#include <gtest/gtest.h>

#include "tlog/testing/memory_nodes.h"

namespace plasm::tlog {
namespace {

using testing::Leaves;
using testing::TreeHash;

TEST(TileTreeTest, HasEveryCompleteNode) {
  const auto leaves = Leaves(kTileWidth);
  TileTree tile;
  for (unsigned width = 1; width <= kTileWidth; ++width) {
    tile.Append(leaves[width - 1]);
    ASSERT_EQ(tile.width(), width);
  }
  EXPECT_TRUE(tile.full());
  for (unsigned height = 0; height <= kTileHeight; ++height) {
    for (unsigned i = 0; i < kTileWidth >> height; ++i) {
      EXPECT_EQ(tile.Node(height, i),
                TreeHash(std::span(leaves).subspan(i << height, std::size_t{1} << height)));
    }
  }
}

TEST(TileTreeTest, SerializesToTheTileThatIsParsed) {
  const auto leaves = Leaves(5);
  TileTree tile;
  for (const Hash& leaf : leaves) tile.Append(leaf);
  EXPECT_EQ(*ParseTile(tile.Serialize(), 5), leaves);
}

TEST(TileTreeTest, LocatesNodes) {
  const NodeInTile leaf = Locate({0, 70'000});
  EXPECT_EQ(leaf.tile_level, 0U);
  EXPECT_EQ(leaf.tile_index, 273U);
  EXPECT_EQ(leaf.height, 0U);
  EXPECT_EQ(leaf.index, 112U);
  const NodeInTile inner = Locate({11, 33});  // leaves from 67,584
  EXPECT_EQ(inner.tile_level, 1U);
  EXPECT_EQ(inner.tile_index, 1U);
  EXPECT_EQ(inner.height, 3U);
  EXPECT_EQ(inner.index, 1U);
}

TEST(TileEdgeTest, HasTheRootOfTheDefinitionAtEverySize) {
  const auto leaves = Leaves(600);
  TileEdge edge;
  EXPECT_EQ(edge.Root(), EmptyRoot());
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    edge.Append(leaves[size - 1], [](unsigned, std::uint64_t, const TileTree&) {});
    EXPECT_EQ(edge.size(), size);
    if (size % 7 == 0 || size % 256 < 3) {
      EXPECT_EQ(edge.Root(), TreeHash(std::span(leaves).first(size))) << size;
    }
  }
}

TEST(TileEdgeTest, HandsOutFullTilesOfEveryLevel) {
  // 65,536 leaves fill the first tile at level 1; its hash is the first at level 2.
  std::vector<std::pair<unsigned, std::uint64_t>> full;
  TileEdge edge;
  Hash last;
  for (int i = 0; i < 65'536 + 3; ++i) {
    edge.Append(EmptyRoot(), [&](unsigned level, std::uint64_t index, const TileTree& tile) {
      EXPECT_TRUE(tile.full());
      full.emplace_back(level, index);
      last = tile.Node(kTileHeight, 0);
    });
  }
  ASSERT_EQ(full.size(), 257U);
  EXPECT_EQ(full[0], (std::pair<unsigned, std::uint64_t>{0, 0}));
  EXPECT_EQ(full[255], (std::pair<unsigned, std::uint64_t>{0, 255}));
  EXPECT_EQ(full[256], (std::pair<unsigned, std::uint64_t>{1, 0}));
  EXPECT_EQ(edge.At(0).width(), 3U);
  EXPECT_EQ(edge.At(1).width(), 0U);
  EXPECT_EQ(edge.At(2).width(), 1U);
  EXPECT_EQ(edge.At(2).Node(0, 0), last);
  EXPECT_EQ(edge.At(3).width(), 0U);
}

TEST(TileEdgeTest, GoesOnFromItsTiles) {
  const auto leaves = Leaves(515);
  TileEdge edge;
  const auto ignore = [](unsigned, std::uint64_t, const TileTree&) {};
  for (std::size_t i = 0; i < 514; ++i) edge.Append(leaves[i], ignore);
  TileEdge restored;
  for (unsigned level = 0; level < TileLevels(514); ++level) {
    const auto& tile = edge.At(level);
    if (tile.width() != 0) restored.Restore(level, *ParseTile(tile.Serialize(), tile.width()));
  }
  EXPECT_EQ(restored.size(), 514U);
  EXPECT_EQ(restored.Root(), edge.Root());
  restored.Append(leaves[514], ignore);
  EXPECT_EQ(restored.Root(), TreeHash(leaves));
}

}  // namespace
}  // namespace plasm::tlog
