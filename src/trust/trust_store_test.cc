#include "trust/trust_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/testing/temp_folder.h"
#include "receipt/envelope.h"
#include "trust/testing/cards.h"

namespace plasm::trust {
namespace {

using namespace testing;  // NOLINT: the tests' own keys and cards

constexpr unsigned char kIdentityB = 20;

TrustedNode NodeB() {
  TrustedNode node = NodeA();
  node.name = "b";
  node.identity = PublicFrom(kIdentityB);
  return node;
}

std::string CardOfVersion(std::uint64_t version, std::string name = "node a") {
  NodeCard card = ExampleCard();
  card.version = version;
  card.name = std::move(name);
  return Signed(card);
}

class TrustStoreTest : public ::testing::Test {
 protected:
  LoadedTrust Loaded() const {
    auto loaded = store_.Load();
    EXPECT_TRUE(loaded) << loaded.error().message;
    return loaded ? *std::move(loaded) : LoadedTrust();
  }
  ErrorCode CodeOfLoading() const {
    const auto loaded = store_.Load();
    return loaded ? ErrorCode::kInternal : loaded.error().code;
  }
  // The version of node A's card that counts; 0 for none.
  std::uint64_t VersionOfA() const {
    const LoadedTrust loaded = Loaded();
    const OpenedCard* card = loaded.state.CardOf(PublicFrom(kIdentity));
    return card == nullptr ? 0 : card->card.version;
  }
  Result<CardStanding> Accept(const std::string& envelope) const {
    return store_.AcceptCard(AsBytes(envelope));
  }
  std::string TrustText() const {
    const auto bytes = ReadFile(store_.TrustFilePath(), kMaxTrustFileBytes);
    return bytes ? std::string(AsText(*bytes)) : std::string();
  }
  void WriteTrustText(const std::string& text, mode_t mode = 0600) const {
    ASSERT_TRUE(CreateFolders(data_, 0700));
    ASSERT_TRUE(WriteFileAtomically(store_.TrustFilePath(), AsBytes(text), {.mode = mode}));
  }
  void WriteCard(const std::string& envelope, mode_t mode = 0600) const {
    const std::filesystem::path path = store_.CardPath(PublicFrom(kIdentity));
    ASSERT_TRUE(CreateFolders(path.parent_path(), 0700));
    ASSERT_TRUE(WriteFileAtomically(path, AsBytes(envelope), {.mode = mode}));
  }

  plasm::testing::TempFolder folder_;
  std::filesystem::path data_ = folder_ / "data";
  TrustStore store_{data_};
};

TEST_F(TrustStoreTest, WithoutAFileNobodyIsTrusted) {
  EXPECT_TRUE(Loaded().state.file().Nodes().empty());
  EXPECT_FALSE(std::filesystem::exists(data_));
}

TEST_F(TrustStoreTest, WhatWasAddedIsThereForTheNext) {
  ASSERT_TRUE(store_.Add(NodeA(TrustLevel::kLogged)));
  ASSERT_TRUE(store_.Add(NodeB()));
  const LoadedTrust loaded = Loaded();
  ASSERT_EQ(loaded.state.file().Nodes().size(), 2u);
  EXPECT_EQ(*loaded.state.file().FindByName("a"), NodeA(TrustLevel::kLogged));
  EXPECT_TRUE(loaded.reports.empty());
}

TEST_F(TrustStoreTest, FilesAndFoldersItMakesAreItsOwners) {
  ASSERT_TRUE(store_.Add(NodeA()));
  ASSERT_TRUE(Accept(CardOfVersion(1)));
  const struct {
    std::filesystem::path path;
    mode_t mode;
  } kMade[] = {{data_, 0700},
               {data_ / "trusted_nodes", 0600},
               {data_ / "trusted_nodes.lock", 0600},
               {data_ / "cards", 0700},
               {data_ / "cards" / (PublicFrom(kIdentity).ToHex() + ".json"), 0600}};
  for (const auto& [path, mode] : kMade) {
    struct stat info{};
    ASSERT_EQ(stat(path.c_str(), &info), 0) << path;
    EXPECT_EQ(info.st_mode & 07777, mode) << path;
  }
}

TEST_F(TrustStoreTest, AFileThatEverybodyMayReadStaysSo) {
  WriteTrustText("# ours\n", 0644);
  ASSERT_TRUE(store_.Add(NodeA()));
  struct stat info{};
  ASSERT_EQ(stat(store_.TrustFilePath().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0644u);
  EXPECT_TRUE(TrustText().starts_with("# ours\n"));
}

TEST_F(TrustStoreTest, AFileThatOthersCanWriteIsRefusedForReadingAndChanging) {
  for (const mode_t mode : {0666u, 0664u, 0602u}) {
    const std::string text = "b " + crypto::ToOpenSsh(PublicFrom(kIdentityB)) + " signed\n";
    WriteTrustText(text, mode);
    EXPECT_EQ(CodeOfLoading(), ErrorCode::kDenied);
    EXPECT_EQ(store_.Add(NodeA()).error().code, ErrorCode::kDenied);
    EXPECT_EQ(Accept(CardOfVersion(1)).error().code, ErrorCode::kDenied);
    EXPECT_EQ(TrustText(), text);
  }
}

TEST_F(TrustStoreTest, AMistakeInTheFileIsNamedAndKept) {
  WriteTrustText("# fine\na b c\n");
  const auto loaded = store_.Load();
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().message,
            store_.TrustFilePath().string() +
                ": trust file, line 2: found 3 fields, expected <name> ssh-ed25519 <key> <level>");
  EXPECT_EQ(store_.Add(NodeA()).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(TrustText(), "# fine\na b c\n");
}

TEST_F(TrustStoreTest, EditsReachTheFile) {
  ASSERT_TRUE(store_.Add(NodeA()));
  ASSERT_TRUE(store_.SetLevel("a", TrustLevel::kWitnessed));
  ASSERT_TRUE(store_.Revoke("a", {FingerprintFrom(kReceiptKey), Time("2026-07-01T00:00:00Z")}));
  const LoadedTrust loaded = Loaded();
  const TrustedNode* node = loaded.state.file().FindByName("a");
  ASSERT_NE(node, nullptr);
  EXPECT_EQ(node->level, TrustLevel::kWitnessed);
  ASSERT_EQ(node->revoked.size(), 1u);
  EXPECT_EQ(store_.SetLevel("c", TrustLevel::kSigned).error().code, ErrorCode::kNotFound);
}

TEST_F(TrustStoreTest, AnAcceptedCardIsKeptWithItsVersion) {
  ASSERT_TRUE(store_.Add(NodeA()));
  const auto standing = Accept(CardOfVersion(3));
  ASSERT_TRUE(standing) << standing.error().message;
  EXPECT_EQ(*standing, CardStanding::kFirst);
  EXPECT_EQ(VersionOfA(), 3u);
  EXPECT_EQ(Loaded().state.file().FindByName("a")->card_version, 3u);
  const auto kept = ReadFile(store_.CardPath(PublicFrom(kIdentity)), kMaxCardBytes);
  ASSERT_TRUE(kept);
  EXPECT_EQ(AsText(*kept), CardOfVersion(3));
  EXPECT_EQ(*Accept(CardOfVersion(4)), CardStanding::kNewer);
  EXPECT_EQ(*Accept(CardOfVersion(4)), CardStanding::kSameAgain);
  EXPECT_EQ(VersionOfA(), 4u);
}

TEST_F(TrustStoreTest, ACardOfAStrangerIsNotKept) {
  ASSERT_TRUE(store_.Add(NodeB()));
  EXPECT_EQ(Accept(CardOfVersion(3)).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(store_.CardPath(PublicFrom(kIdentity))));
}

TEST_F(TrustStoreTest, ACardThatWasNotSignedByItsIdentityIsNotKept) {
  ASSERT_TRUE(store_.Add(NodeA()));
  const std::string payload = SerializeNodeCard(ExampleCard());
  const ByteView bytes = AsBytes(payload);
  const std::string forged = receipt::SerializeEnvelope(receipt::SignEnvelope(
      std::string(kCardPayloadType), Bytes(bytes.begin(), bytes.end()), KeyFrom(kIdentityB)));
  EXPECT_EQ(Accept(forged).error().code, ErrorCode::kDenied);
  EXPECT_EQ(VersionOfA(), 0u);
}

TEST_F(TrustStoreTest, ARollbackIsRefusedAndChangesNothing) {
  ASSERT_TRUE(store_.Add(NodeA()));
  ASSERT_TRUE(Accept(CardOfVersion(5)));
  const std::string before = TrustText();
  EXPECT_EQ(Accept(CardOfVersion(4)).error().code, ErrorCode::kDenied);
  EXPECT_EQ(VersionOfA(), 5u);
  EXPECT_EQ(TrustText(), before);
}

TEST_F(TrustStoreTest, ARollbackIsRefusedWhenTheCardsAreLost) {
  ASSERT_TRUE(store_.Add(NodeA()));
  ASSERT_TRUE(Accept(CardOfVersion(5)));
  std::filesystem::remove_all(data_ / "cards");
  EXPECT_EQ(Accept(CardOfVersion(4)).error().code, ErrorCode::kDenied);
  EXPECT_EQ(*Accept(CardOfVersion(5)), CardStanding::kKeptAgain);
  EXPECT_EQ(VersionOfA(), 5u);
}

TEST_F(TrustStoreTest, AnOlderCardPutIntoTheFolderDoesNotCount) {
  ASSERT_TRUE(store_.Add(NodeA()));
  ASSERT_TRUE(Accept(CardOfVersion(5)));
  WriteCard(CardOfVersion(4));
  const LoadedTrust loaded = Loaded();
  EXPECT_EQ(loaded.state.CardOf(PublicFrom(kIdentity)), nullptr);
  ASSERT_EQ(loaded.reports.size(), 1u);
  EXPECT_EQ(loaded.reports[0].code, ErrorCode::kDenied);
  EXPECT_EQ(*Accept(CardOfVersion(5)), CardStanding::kKeptAgain);
  EXPECT_EQ(VersionOfA(), 5u);
}

TEST_F(TrustStoreTest, AConflictingCardOfTheSameVersionIsRefused) {
  ASSERT_TRUE(store_.Add(NodeA()));
  ASSERT_TRUE(Accept(CardOfVersion(5)));
  EXPECT_EQ(Accept(CardOfVersion(5, "another")).error().code, ErrorCode::kConflict);
  EXPECT_EQ(Loaded().state.CardOf(PublicFrom(kIdentity))->card.name, "node a");
}

TEST_F(TrustStoreTest, ACrashBeforeTheCardIsWrittenAllowsNoRollback) {
  ASSERT_TRUE(store_.Add(NodeA()));
  ASSERT_TRUE(Accept(CardOfVersion(4)));
  // What a crash leaves: something that can't be replaced stands where the new card would go.
  const std::filesystem::path path = store_.CardPath(PublicFrom(kIdentity));
  std::filesystem::remove(path);
  std::filesystem::create_directories(path / "in the way");
  EXPECT_FALSE(Accept(CardOfVersion(5)));
  std::filesystem::remove_all(path);
  WriteCard(CardOfVersion(4));

  EXPECT_EQ(VersionOfA(), 0u);
  EXPECT_EQ(Accept(CardOfVersion(4)).error().code, ErrorCode::kDenied);
  EXPECT_EQ(*Accept(CardOfVersion(5)), CardStanding::kKeptAgain);
  EXPECT_EQ(VersionOfA(), 5u);
}

TEST_F(TrustStoreTest, ADamagedCardIsReportedAndReplaced) {
  ASSERT_TRUE(store_.Add(NodeA()));
  ASSERT_TRUE(store_.Add(NodeB()));
  ASSERT_TRUE(Accept(CardOfVersion(5)));
  WriteCard("{}");
  const LoadedTrust loaded = Loaded();
  EXPECT_EQ(loaded.state.CardOf(PublicFrom(kIdentity)), nullptr);
  ASSERT_EQ(loaded.reports.size(), 1u);
  EXPECT_TRUE(loaded.reports[0].message.starts_with(
      store_.CardPath(PublicFrom(kIdentity)).string() + ": "));
  EXPECT_EQ(*Accept(CardOfVersion(5)), CardStanding::kKeptAgain);
  EXPECT_EQ(VersionOfA(), 5u);
}

TEST_F(TrustStoreTest, ACardUnderTheNameOfAnotherNodeDoesNotCount) {
  ASSERT_TRUE(store_.Add(NodeA()));
  ASSERT_TRUE(store_.Add(NodeB()));
  NodeCard card = ExampleCard();
  card.identity = PublicFrom(kIdentityB);
  WriteCard(Signed(card, kIdentityB));
  const LoadedTrust loaded = Loaded();
  EXPECT_EQ(loaded.state.CardOf(PublicFrom(kIdentity)), nullptr);
  EXPECT_EQ(loaded.state.CardOf(PublicFrom(kIdentityB)), nullptr);
  EXPECT_EQ(loaded.reports.size(), 1u);
}

TEST_F(TrustStoreTest, ACardFileThatOthersCanWriteDoesNotCount) {
  ASSERT_TRUE(store_.Add(NodeA()));
  WriteCard(CardOfVersion(5), 0666);
  EXPECT_EQ(VersionOfA(), 0u);
  EXPECT_EQ(Loaded().reports.size(), 1u);
}

TEST_F(TrustStoreTest, ACardThatIsNewerThanTheTrustFileSaysStillBinds) {
  ASSERT_TRUE(store_.Add(NodeA()));
  WriteCard(CardOfVersion(5));
  EXPECT_EQ(VersionOfA(), 5u);
  EXPECT_EQ(Accept(CardOfVersion(4)).error().code, ErrorCode::kDenied);
  EXPECT_EQ(*Accept(CardOfVersion(5)), CardStanding::kSameAgain);
  EXPECT_EQ(Loaded().state.file().FindByName("a")->card_version, 5u);
}

TEST_F(TrustStoreTest, ARemovedNodeStartsAnewWhenItIsAddedAgain) {
  ASSERT_TRUE(store_.Add(NodeA()));
  ASSERT_TRUE(Accept(CardOfVersion(5)));
  ASSERT_TRUE(store_.Remove("a"));
  EXPECT_FALSE(std::filesystem::exists(store_.CardPath(PublicFrom(kIdentity))));
  EXPECT_EQ(store_.Remove("a").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(store_.Add(NodeA()));
  EXPECT_EQ(VersionOfA(), 0u);
  EXPECT_EQ(*Accept(CardOfVersion(1)), CardStanding::kFirst);
}

TEST_F(TrustStoreTest, ChangesAtOnceLoseNothingAndReadersSeeWholeStates) {
  ASSERT_TRUE(store_.Add(NodeA()));
  ASSERT_TRUE(Accept(CardOfVersion(1)));
  constexpr std::uint64_t kLast = 30;
  std::atomic<bool> done = false;
  std::atomic<int> failed = 0;
  std::thread reader([&] {
    // Not without end: nothing keeps readers from overtaking a writer that waits.
    for (int i = 0; i < 200 && !done; ++i) {
      const auto loaded = store_.Load();
      if (!loaded || loaded->state.CardOf(PublicFrom(kIdentity)) == nullptr) ++failed;
    }
  });
  std::thread other([&] {
    for (unsigned char i = 100; i < 120; ++i) {
      const auto revoked =
          TrustStore(data_).Revoke("a", {FingerprintFrom(i), Time("2026-07-01T00:00:00Z")});
      if (!revoked) ++failed;
    }
  });
  for (std::uint64_t version = 2; version <= kLast; ++version) {
    if (!Accept(CardOfVersion(version))) ++failed;
  }
  other.join();
  done = true;
  reader.join();
  EXPECT_EQ(failed, 0);
  const LoadedTrust loaded = Loaded();
  EXPECT_EQ(loaded.state.file().FindByName("a")->revoked.size(), 20u);
  EXPECT_EQ(loaded.state.file().FindByName("a")->card_version, kLast);
}

}  // namespace
}  // namespace plasm::trust
