#include "wasi/directory.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plasm::wasi {
namespace {

std::vector<std::string> Names(const Directory& directory) {
  std::vector<std::string> names;
  for (const Directory::Entry& entry : directory) names.push_back(entry.name);
  return names;
}

void ExpectPositionsInOrder(const Directory& directory) {
  Directory::Position last = Directory::kFirstPosition - 1;
  for (const Directory::Entry& entry : directory) {
    EXPECT_GT(entry.position, last);
    EXPECT_LT(entry.position, Directory::kEndPosition);
    last = entry.position;
  }
}

TEST(DirectoryTest, SortsNamesAsUnsignedBytes) {
  Directory directory;
  for (const char* name : {"b", "\xc3\xa9", "B", "a", "~"}) directory.Insert(name, 1);
  EXPECT_EQ(Names(directory), (std::vector<std::string>{"B", "a", "b", "~", "\xc3\xa9"}));
}

TEST(DirectoryTest, KeepsPositionsWhileOthersComeAndGo) {
  Directory directory;
  directory.Insert("m", 1);
  const Directory::Position before = directory.Find("m")->position;
  for (const char* name : {"a", "z", "l", "n"}) directory.Insert(name, 2);
  directory.Erase("a");
  EXPECT_EQ(directory.Find("m")->position, before);
  EXPECT_EQ(directory.From(before)->name, "m");
  EXPECT_EQ(directory.From(before + 1)->name, "n");
}

TEST(DirectoryTest, KeepsOrderWhenPositionsBetweenNeighboursRunOut) {
  Directory directory;
  directory.Insert("a", 0);
  directory.Insert("b", 0);
  std::string name = "a";
  for (int i = 0; i < 100; ++i) {
    name += 'z';  // each lies between the one before and "b"
    directory.Insert(name, 0);
  }
  ExpectPositionsInOrder(directory);
  EXPECT_EQ(directory.size(), 102u);
}

TEST(DirectoryTest, KeepsOrderWhenEntriesArePutInFront) {
  Directory directory;
  for (int i = 999; i >= 0; --i) directory.Insert("n" + std::to_string(1000 + i), 0);
  ExpectPositionsInOrder(directory);
}

TEST(DirectoryTest, GivesEntriesAddedInOrderPositionsThatNeverChange) {
  Directory directory;
  directory.Insert("n1000000", 0);
  const Directory::Position first = directory.begin()->position;
  for (int i = 1; i < 20'000; ++i) directory.Insert("n" + std::to_string(1'000'000 + i), 0);
  EXPECT_EQ(directory.begin()->position, first);
  ExpectPositionsInOrder(directory);
}

}  // namespace
}  // namespace plasm::wasi
