#include "tlog/tile.h"

#include <gtest/gtest.h>

namespace plasm::tlog {
namespace {

TEST(TileTest, WritesPathsAsTheSpecificationDoes) {
  EXPECT_EQ((TileName{TileKind::kHashes, 0, 1234067, 256}.Path()), "tile/0/x001/x234/067");
  EXPECT_EQ((TileName{TileKind::kHashes, 2, 0, 1}.Path()), "tile/2/000.p/1");
  EXPECT_EQ((TileName{TileKind::kEntries, 0, 999, 255}.Path()), "tile/entries/999.p/255");
  EXPECT_EQ((TileName{TileKind::kEntries, 0, 1000, 256}.Path()), "tile/entries/x001/000");
  EXPECT_EQ((TileName{TileKind::kHashes, 63, 0, 256}.Path()), "tile/63/000");
  EXPECT_EQ((TileName{TileKind::kHashes, 1, 5, 7}.PartialFolder()), "tile/1/005.p");
}

TEST(TileTest, ReadsBackEveryPathThatItWrites) {
  for (const TileKind kind : {TileKind::kHashes, TileKind::kEntries}) {
    for (const std::uint64_t index :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{999}, std::uint64_t{1000},
          std::uint64_t{999'999}, std::uint64_t{1'000'000}, kMaxTreeSize}) {
      for (const unsigned width : {1U, 255U, 256U}) {
        const TileName name{kind, kind == TileKind::kEntries ? 0U : 9U, index, width};
        const auto read = TileName::FromPath(name.Path());
        ASSERT_TRUE(read) << name.Path();
        EXPECT_EQ(*read, name);
      }
    }
  }
}

TEST(TileTest, RefusesOtherSpellings) {
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/0/0",
                           "tile/0/00",
                           "tile/0/0000",
                           "tile/00/000",
                           "tile/64/000",
                           "tile/-1/000",
                           "tile/0/x000/000",
                           "tile/0/001/000",
                           "tile/0/x001",
                           "tile/0/x001/x000",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/01",
                           "tile/0/000.p/",
                           "tile/0/000.p",
                           "tile/0/000/",
                           "/tile/0/000",
                           "tile/data/000",
                           "tile/0/../000",
                           "tile/0/x1/000",
                           "tile/entries/000.p/1.p/1",
                           "tile/0/x009/x223/x372/x036/x854/x775/808",
                           "tile/0/x999/x999/x999/x999/x999/x999/999"}) {
    EXPECT_FALSE(TileName::FromPath(path)) << path;
  }
}

TEST(TileTest, TellsWidthsAsInTheSpecificationsExample) {
  EXPECT_EQ(TileWidthAt(0, 272, 70'000), 256U);
  EXPECT_EQ(TileWidthAt(0, 273, 70'000), 112U);
  EXPECT_EQ(TileWidthAt(0, 274, 70'000), 0U);
  EXPECT_EQ(TileWidthAt(1, 0, 70'000), 256U);
  EXPECT_EQ(TileWidthAt(1, 1, 70'000), 17U);
  EXPECT_EQ(TileWidthAt(2, 0, 70'000), 1U);
  EXPECT_EQ(TileWidthAt(3, 0, 70'000), 0U);
  EXPECT_EQ(TileWidthAt(0, 0, 256), 256U);
  EXPECT_EQ(TileWidthAt(1, 0, 256), 1U);
  EXPECT_EQ(TileWidthAt(63, 0, kMaxTreeSize), 0U);
  EXPECT_EQ(TileLevels(0), 0U);
  EXPECT_EQ(TileLevels(255), 1U);
  EXPECT_EQ(TileLevels(256), 2U);
  EXPECT_EQ(TileLevels(70'000), 3U);
}

TEST(TileTest, RefusesAPartialTileOfTheWrongWidth) {
  const Bytes bytes(5 * Hash::kSize);
  EXPECT_TRUE(ParseTile(bytes, 5));
  EXPECT_FALSE(ParseTile(bytes, 4));
  EXPECT_FALSE(ParseTile(bytes, 6));
  EXPECT_FALSE(ParseTile(ByteView(bytes).first(159), 5));
  EXPECT_FALSE(ParseTile({}, 0));
  EXPECT_FALSE(ParseTile(Bytes(257 * Hash::kSize), 257));
}

TEST(TileTest, ReadsTheEntriesThatWerePutIntoABundle) {
  const Bytes longest(kMaxEntryBytes, std::byte{7});
  Bytes bundle;
  AppendToBundle(bundle, AsBytes("first"));
  AppendToBundle(bundle, {});
  AppendToBundle(bundle, longest);
  const auto entries = ParseEntryBundle(bundle, 3);
  ASSERT_TRUE(entries);
  EXPECT_EQ(AsText((*entries)[0]), "first");
  EXPECT_TRUE((*entries)[1].empty());
  EXPECT_TRUE(std::ranges::equal((*entries)[2], longest));
}

TEST(TileTest, RefusesBundlesOfAnotherWidthOrCutShort) {
  Bytes bundle;
  AppendToBundle(bundle, AsBytes("first"));
  AppendToBundle(bundle, AsBytes("second"));
  EXPECT_TRUE(ParseEntryBundle(bundle, 2));
  EXPECT_FALSE(ParseEntryBundle(bundle, 1));
  EXPECT_FALSE(ParseEntryBundle(bundle, 3));
  EXPECT_FALSE(ParseEntryBundle(bundle, 0));
  EXPECT_FALSE(ParseEntryBundle(bundle, 257));
  for (std::size_t size = 0; size < bundle.size(); ++size) {
    EXPECT_FALSE(ParseEntryBundle(ByteView(bundle).first(size), 2)) << size;
  }
  bundle.push_back(std::byte{0});
  EXPECT_FALSE(ParseEntryBundle(bundle, 2));
}

}  // namespace
}  // namespace plasm::tlog
