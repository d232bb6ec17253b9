#include "client/kept_outputs.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plasm::client {
namespace {

receipt::Statement Keeping(const std::vector<std::string>& paths) {
  receipt::Statement statement;
  for (const std::string& path : paths) {
    statement.files.push_back({path, Sha256Of(AsBytes(path))});
  }
  return statement;
}

std::vector<std::string> Places(const std::vector<std::string>& paths,
                                const std::vector<WantedOutput>& wanted) {
  std::vector<std::string> places;
  const auto placed = PlaceFiles(Keeping(paths), wanted);
  if (!placed) return {placed.error().message};
  for (const PlacedFile& file : *placed) {
    places.push_back(std::to_string(file.output) + ":" + file.below);
  }
  return places;
}

using Strings = std::vector<std::string>;

TEST(KeptOutputsTest, AFileAndAFolderHaveTheirPlaces) {
  EXPECT_EQ(Places({"/out/a", "/out/b/c", "/outside"}, {{"/out", "h"}, {"/out/a", "i"}}),
            (Strings{"0:a", "0:b/c", "1:"}));
  EXPECT_EQ(Places({"/a"}, {{"/", "h"}}), Strings{"0:a"});
  EXPECT_EQ(Places({"/a"}, {{"/b", "h"}}), Strings{});
}

TEST(KeptOutputsTest, NoPathLeavesItsPlace) {
  for (const std::string path : {"/out/../secret", "/out//x", "/out/./x", "/out/a/.."}) {
    const auto placed = PlaceFiles(Keeping({path}), {{"/out", "h"}});
    ASSERT_FALSE(placed) << path;
    EXPECT_EQ(placed.error().code, ErrorCode::kCorrupt);
  }
}

}  // namespace
}  // namespace plasm::client
