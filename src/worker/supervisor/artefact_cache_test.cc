#include "worker/supervisor/artefact_cache.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <string>

#include "base/file.h"
#include "base/testing/temp_folder.h"

namespace plasm::worker {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kRoomy = std::uint64_t{1} << 30;

ArtefactKey Key(const std::string& module, Target target = Target::kNative,
                Tier tier = Tier::kFull) {
  return {Sha256Of(AsBytes(module)), target, tier};
}

void Store(const ArtefactCache& cache, const ArtefactKey& key, const std::string& contents) {
  const auto file = cache.NewFile();
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(write(file->get(), contents.data(), contents.size()),
            static_cast<ssize_t>(contents.size()));
  const auto stored = cache.Store(key, *file);
  ASSERT_TRUE(stored) << stored.error().message;
}

// "<none>" when there is no entry.
std::string Found(const ArtefactCache& cache, const ArtefactKey& key) {
  const auto fd = cache.Find(key);
  if (!fd) return "<none>";
  const auto bytes = ReadDescriptor(fd->get(), "artefact", 1 << 24);
  return bytes ? std::string(AsText(*bytes)) : "<" + bytes.error().message + ">";
}

std::set<fs::path> Files(const fs::path& folder, bool artefacts) {
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename() == ".stored") continue;
    if ((entry.path().extension() == ".cwasm") == artefacts) files.insert(entry.path());
  }
  return files;
}

void Overwrite(const fs::path& path, const std::string& contents) {
  std::ofstream(path, std::ios::trunc | std::ios::binary) << contents;
}

TEST(ArtefactCacheTest, FindsWhatWasStored) {
  const plasm::testing::TempFolder folder;
  const ArtefactCache cache(folder / "new" / "artefacts", kRoomy);
  EXPECT_FALSE(cache.Has(Key("m")));
  EXPECT_EQ(Found(cache, Key("m")), "<none>");
  Store(cache, Key("m"), "native code");
  EXPECT_TRUE(cache.Has(Key("m")));
  EXPECT_EQ(Found(cache, Key("m")), "native code");
  EXPECT_EQ(Found(ArtefactCache(folder / "new" / "artefacts", kRoomy), Key("m")), "native code");
}

TEST(ArtefactCacheTest, LooksIntoNothingBeforeTheFirstStore) {
  const plasm::testing::TempFolder folder;
  const ArtefactCache cache(folder / "artefacts", kRoomy);
  EXPECT_FALSE(cache.Find(Key("m")));
  EXPECT_FALSE(fs::exists(folder / "artefacts"));
}

TEST(ArtefactCacheTest, KeepsModulesTargetsAndTiersApart) {
  const plasm::testing::TempFolder folder;
  const ArtefactCache cache(folder.path(), kRoomy);
  Store(cache, Key("m", Target::kNative, Tier::kQuick), "native quick");
  Store(cache, Key("m", Target::kPulley, Tier::kQuick), "pulley quick");
  Store(cache, Key("m", Target::kNative, Tier::kFull), "native full");
  EXPECT_EQ(Found(cache, Key("m", Target::kNative, Tier::kQuick)), "native quick");
  EXPECT_EQ(Found(cache, Key("m", Target::kPulley, Tier::kQuick)), "pulley quick");
  EXPECT_EQ(Found(cache, Key("m", Target::kNative, Tier::kFull)), "native full");
  EXPECT_EQ(Found(cache, Key("m", Target::kPulley, Tier::kFull)), "<none>");
  EXPECT_EQ(Found(cache, Key("other", Target::kNative, Tier::kFull)), "<none>");
}

TEST(ArtefactCacheTest, NobodyElseMayReadOrWriteIt) {
  const plasm::testing::TempFolder folder;
  const ArtefactCache cache(folder / "artefacts", kRoomy);
  Store(cache, Key("m"), "code");
  struct stat status{};
  ASSERT_EQ(stat((folder / "artefacts").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0700u);
  for (const auto& entry : fs::directory_iterator(folder / "artefacts")) {
    ASSERT_EQ(stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 077, 0u) << entry.path();
  }
}

TEST(ArtefactCacheTest, AFileThatWasNeverStoredLeavesNothing) {
  const plasm::testing::TempFolder folder;
  const ArtefactCache cache(folder.path(), kRoomy);
  {
    const auto file = cache.NewFile();
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(ArtefactCacheTest, AnEmptyArtefactIsRefused) {
  const plasm::testing::TempFolder folder;
  const ArtefactCache cache(folder.path(), kRoomy);
  const auto file = cache.NewFile();
  const auto stored = cache.Store(Key("m"), *file);
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, ErrorCode::kCorrupt);
  EXPECT_FALSE(cache.Has(Key("m")));
}

TEST(ArtefactCacheTest, ADamagedArtefactIsDroppedAndCanBeBuiltAgain) {
  const plasm::testing::TempFolder folder;
  const ArtefactCache cache(folder.path(), kRoomy);
  for (const std::string& damage : {std::string("nativE code"), std::string("native"),
                                    std::string("native code and more"), std::string()}) {
    Store(cache, Key("m"), "native code");
    ASSERT_EQ(Files(folder.path(), true).size(), 1u);
    Overwrite(*Files(folder.path(), true).begin(), damage);
    EXPECT_EQ(Found(cache, Key("m")), "<none>") << damage;
    EXPECT_TRUE(Files(folder.path(), true).empty() && Files(folder.path(), false).empty());
    Store(cache, Key("m"), "native code");
    EXPECT_EQ(Found(cache, Key("m")), "native code");
  }
}

TEST(ArtefactCacheTest, ADamagedArtefactUnderTheSameNameDoesNotSurviveASecondFind) {
  const plasm::testing::TempFolder folder;
  const ArtefactCache cache(folder.path(), kRoomy);
  Store(cache, Key("m"), "native code");
  Overwrite(*Files(folder.path(), true).begin(), "damaged");
  Store(cache, Key("m"), "native code");  // the name is taken by the damaged file
  (void)cache.Find(Key("m"));
  Store(cache, Key("m"), "native code");
  EXPECT_EQ(Found(cache, Key("m")), "native code");
}

TEST(ArtefactCacheTest, ADamagedIndexIsDropped) {
  const plasm::testing::TempFolder folder;
  const ArtefactCache cache(folder.path(), kRoomy);
  for (const std::string& damage :
       {std::string(), std::string("x"), std::string(64, 'z'), std::string(100'000, 'a'),
        std::string("../../../../../../../../../../../../../../../../../../../etc/pass")}) {
    Store(cache, Key("m"), "native code");
    Overwrite(*Files(folder.path(), false).begin(), damage);
    EXPECT_EQ(Found(cache, Key("m")), "<none>");
    EXPECT_FALSE(cache.Has(Key("m")));
  }
}

TEST(ArtefactCacheTest, AnIndexWhoseArtefactIsGoneIsDropped) {
  const plasm::testing::TempFolder folder;
  const ArtefactCache cache(folder.path(), kRoomy);
  Store(cache, Key("m"), "native code");
  fs::remove(*Files(folder.path(), true).begin());
  EXPECT_FALSE(cache.Has(Key("m")));  // before anybody looked for it, too
  EXPECT_EQ(Found(cache, Key("m")), "<none>");
  EXPECT_FALSE(cache.Has(Key("m")));
}

TEST(ArtefactCacheTest, ASymbolicLinkIsNotAnArtefact) {
  const plasm::testing::TempFolder folder;
  const ArtefactCache cache(folder / "artefacts", kRoomy);
  Store(cache, Key("m"), "native code");
  const fs::path artefact = *Files(folder / "artefacts", true).begin();
  fs::rename(artefact, folder / "elsewhere");
  fs::create_symlink(folder / "elsewhere", artefact);
  EXPECT_EQ(Found(cache, Key("m")), "<none>");
}

TEST(ArtefactCacheTest, ADroppedEntryIsGone) {
  const plasm::testing::TempFolder folder;
  const ArtefactCache cache(folder.path(), kRoomy);
  Store(cache, Key("m"), "native code");
  cache.Drop(Key("m"));
  EXPECT_EQ(Found(cache, Key("m")), "<none>");
  cache.Drop(Key("m"));
}

// File times move in steps of some milliseconds: returns in the next one.
void NextTick(const fs::path& folder) {
  const auto now = [&] {
    Overwrite(folder / "tick", "x");
    struct stat status{};
    stat((folder / "tick").c_str(), &status);
    return std::pair(status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
  };
  const auto start = now();
  while (now() == start) {
  }
}

TEST(ArtefactCacheTest, TrimsTheLeastRecentlyUsedBeyondItsSize) {
  const plasm::testing::TempFolder folder;
  const ArtefactCache cache(folder / "artefacts", 3000);
  for (const char* module : {"a", "b", "c"}) {
    Store(cache, Key(module), std::string(1000, *module));
    NextTick(folder.path());
  }
  EXPECT_EQ(Found(cache, Key("a")).size(), 1000u);  // now b is the least recently used
  NextTick(folder.path());
  Store(cache, Key("d"), std::string(1000, 'd'));
  EXPECT_EQ(Found(cache, Key("b")), "<none>");
  for (const char* module : {"a", "c", "d"}) {
    EXPECT_EQ(Found(cache, Key(module)), std::string(1000, *module));
  }
  NextTick(folder.path());
  Store(cache, Key("e"), std::string(2500, 'e'));
  EXPECT_EQ(Files(folder / "artefacts", true).size(), 1u);
  EXPECT_EQ(Found(cache, Key("e")).size(), 2500u);
}

std::uint64_t BytesOfArtefacts(const fs::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& path : Files(folder, true)) bytes += fs::file_size(path);
  return bytes;
}

TEST(ArtefactCacheTest, LooksAtAllItsEntriesOnlyNowAndThen) {
  const plasm::testing::TempFolder folder;
  constexpr std::uint64_t kMax = 800;  // so that every 100 bytes stored is the time to look
  const auto store = [&](int i) {
    std::string contents(90, static_cast<char>('a' + i / 26));
    contents[0] = static_cast<char>('a' + i % 26);
    Store(ArtefactCache(folder / "artefacts", kMax), Key(std::to_string(i)), contents);
  };
  for (int i = 0; i < 9; ++i) store(i);
  EXPECT_EQ(BytesOfArtefacts(folder / "artefacts"), 9 * 90u);  // the ninth store did not look
  store(9);
  EXPECT_LE(BytesOfArtefacts(folder / "artefacts"), kMax);
  for (int i = 10; i < 200; ++i) {
    store(i);
    ASSERT_LE(BytesOfArtefacts(folder / "artefacts"), kMax + 100);
  }
}

TEST(ArtefactCacheTest, ProcessesThatStoreAtOnceLeaveWholeEntries) {
  const plasm::testing::TempFolder folder;
  constexpr int kProcesses = 4;
  constexpr int kEntries = 50;
  const auto contents = [](int i) { return std::string(5000, static_cast<char>('a' + i % 26)); };
  std::vector<pid_t> children;
  for (int child = 0; child < kProcesses; ++child) {
    const pid_t pid = fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      const ArtefactCache cache(folder / "artefacts", kRoomy);
      for (int i = 0; i < kEntries; ++i) {
        Store(cache, Key("shared " + std::to_string(i)), contents(i));
        Store(cache, Key(std::to_string(child) + " own " + std::to_string(i)), contents(i));
      }
      _exit(::testing::Test::HasFailure() ? 1 : 0);
    }
    children.push_back(pid);
  }
  for (const pid_t pid : children) {
    int status = 0;
    ASSERT_EQ(waitpid(pid, &status, 0), pid);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  const ArtefactCache cache(folder / "artefacts", kRoomy);
  for (int i = 0; i < kEntries; ++i) {
    EXPECT_EQ(Found(cache, Key("shared " + std::to_string(i))), contents(i));
    for (int child = 0; child < kProcesses; ++child) {
      EXPECT_EQ(Found(cache, Key(std::to_string(child) + " own " + std::to_string(i))),
                contents(i));
    }
  }
}

}  // namespace
}  // namespace plasm::worker
