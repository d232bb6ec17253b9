#include "crypto/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <set>
#include <string>

#include "base/file.h"
#include "base/testing/fixed_entropy.h"
#include "base/testing/temp_folder.h"
#include "crypto/public_key_text.h"

namespace plasm::crypto {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fs = std::filesystem;

mode_t ModeOf(const fs::path& path) {
  struct stat info{};
  EXPECT_EQ(lstat(path.c_str(), &info), 0);
  return info.st_mode & 07777;
}

struct Output {
  int status;
  std::string text;
};
Output RunShell(const std::string& command) {
  FILE* pipe = popen((command + " 2>&1").c_str(), "re");
  std::string text;
  char buffer[4096];
  std::size_t n = 0;
  while ((n = fread(buffer, 1, sizeof(buffer), pipe)) > 0) text.append(buffer, n);
  return {pclose(pipe), text};
}
bool HasProgram(const std::string& name) { return RunShell("command -v " + name).status == 0; }

class KeyFileTest : public ::testing::Test {
 protected:
  Error LoadError() {
    auto loaded = LoadSigningKey(path_);
    if (loaded) return {ErrorCode::kInternal, "loaded"};
    return loaded.error();
  }

  plasm::testing::TempFolder folder_;
  const fs::path path_ = folder_ / "node.key";
  SystemEntropy entropy_;
};

TEST_F(KeyFileTest, SameKeyIsThereTomorrow) {
  const auto first = LoadOrCreateSigningKey(path_, entropy_);
  ASSERT_TRUE(first) << first.error().message;
  const auto second = LoadOrCreateSigningKey(path_, entropy_);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->public_key(), first->public_key());
  EXPECT_TRUE(Verify(first->public_key(), AsBytes("x"), second->Sign(AsBytes("x"))));
}

TEST_F(KeyFileTest, FileIsForItsOwnerOnlyAndSoAreNewFolders) {
  const fs::path deep = folder_ / "a/b/node.key";
  const mode_t old = umask(0);
  const auto key = CreateSigningKey(deep, entropy_);
  umask(old);
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(ModeOf(deep), 0600u);
  EXPECT_EQ(ModeOf(folder_ / "a"), 0700u);
  EXPECT_EQ(ModeOf(folder_ / "a/b"), 0700u);
}

TEST_F(KeyFileTest, MissingFileIsNotFound) {
  EXPECT_EQ(LoadError().code, ErrorCode::kNotFound);
  EXPECT_EQ(LoadError().message, "key file " + path_.string() + ": No such file or directory");
}

TEST_F(KeyFileTest, CreatingNeverReplacesAKey) {
  const auto first = CreateSigningKey(path_, entropy_);
  ASSERT_TRUE(first);
  const auto second = CreateSigningKey(path_, entropy_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kConflict);
  EXPECT_EQ(LoadSigningKey(path_)->public_key(), first->public_key());
}

TEST_F(KeyFileTest, RefusesAFileThatOthersCanReach) {
  ASSERT_TRUE(CreateSigningKey(path_, entropy_));
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0610, 0601, 0644, 0666, 0777}) {
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
    EXPECT_EQ(LoadError().code, ErrorCode::kDenied) << std::oct << mode;
    // Nor does it quietly make another one.
    EXPECT_FALSE(LoadOrCreateSigningKey(path_, entropy_));
  }
  ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
  EXPECT_THAT(LoadError().message, StartsWith("key file " + path_.string() + ": "));
  EXPECT_THAT(LoadError().message, HasSubstr("(mode 0644), expected mode 0600"));
  for (const mode_t mode : {0600, 0400}) {
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
    EXPECT_TRUE(LoadSigningKey(path_));
  }
}

TEST_F(KeyFileTest, RefusesAFileOfAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_TRUE(CreateSigningKey(path_, entropy_));
  ASSERT_EQ(chown(path_.c_str(), 12345, 0), 0);
  EXPECT_EQ(LoadError().code, ErrorCode::kDenied);
  EXPECT_THAT(LoadError().message, HasSubstr("owned by user 12345, expected user 0"));
}

TEST_F(KeyFileTest, RefusesLinksFoldersAndPipes) {
  ASSERT_TRUE(CreateSigningKey(folder_ / "real", entropy_));
  fs::create_symlink(folder_ / "real", path_);
  EXPECT_EQ(LoadError().code, ErrorCode::kInvalid);
  EXPECT_THAT(LoadError().message, HasSubstr("a symbolic link"));

  fs::remove(path_);
  fs::create_symlink(folder_ / "nothing", path_);
  EXPECT_FALSE(LoadOrCreateSigningKey(path_, entropy_));
  EXPECT_FALSE(fs::exists(folder_ / "nothing"));

  fs::remove(path_);
  fs::create_directory(path_);
  EXPECT_THAT(LoadError().message, HasSubstr("not a regular file"));

  fs::remove(path_);
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(LoadError().message, HasSubstr("not a regular file"));
}

TEST_F(KeyFileTest, RefusesWhatIsNotAKey) {
  ASSERT_TRUE(CreateSigningKey(folder_ / "real", entropy_));
  const Bytes real = *ReadFile(folder_ / "real", 1000);
  const std::string text(AsText(real));
  for (const std::string& content :
       {std::string(), text.substr(0, 60), text + "\n", text + text, std::string(1 << 20, 'x')}) {
    ASSERT_TRUE(WriteFileAtomically(path_, AsBytes(content), {.mode = 0600}));
    EXPECT_EQ(LoadError().code, ErrorCode::kInvalid);
    EXPECT_THAT(LoadError().message, StartsWith("key file " + path_.string() + ": found "));
    EXPECT_FALSE(LoadOrCreateSigningKey(path_, entropy_));
  }
}

TEST_F(KeyFileTest, LeavesNoOtherFiles) {
  ASSERT_TRUE(CreateSigningKey(path_, entropy_));
  ASSERT_FALSE(CreateSigningKey(path_, entropy_));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1);
}

TEST_F(KeyFileTest, ProcessesThatStartAtOnceGetTheSameKey) {
  constexpr int kRounds = 20;
  constexpr int kProcesses = 8;
  for (int round = 0; round < kRounds; ++round) {
    const fs::path path = folder_ / ("keys" + std::to_string(round) + "/node.key");
    int go[2];
    int answers[2];
    ASSERT_EQ(pipe(go), 0);
    ASSERT_EQ(pipe(answers), 0);
    for (int i = 0; i < kProcesses; ++i) {
      if (fork() == 0) {
        char start = 0;
        close(go[1]);
        (void)!read(go[0], &start, 1);  // until the parent closes its end
        const auto key = LoadOrCreateSigningKey(path, entropy_);
        const std::string answer = key ? key->public_key().ToHex() : std::string(64, '!');
        _exit(write(answers[1], answer.data(), answer.size()) == 64 ? 0 : 1);
      }
    }
    close(go[0]);
    close(go[1]);
    close(answers[1]);
    std::set<std::string> keys;
    char answer[64];
    int count = 0;
    for (; read(answers[0], answer, sizeof(answer)) == 64; ++count) keys.emplace(answer, 64);
    close(answers[0]);
    while (wait(nullptr) > 0) {
    }
    EXPECT_EQ(count, kProcesses);
    ASSERT_EQ(keys.size(), 1u);
    EXPECT_EQ(*keys.begin(), LoadSigningKey(path)->public_key().ToHex());
  }
}

TEST_F(KeyFileTest, OpensslReadsOurKeys) {
  if (!HasProgram("openssl")) GTEST_SKIP() << "missing program: openssl";
  const auto key = CreateSigningKey(path_, entropy_);
  ASSERT_TRUE(key);
  const Output output = RunShell("openssl pkey -in '" + path_.string() + "' -pubout");
  EXPECT_EQ(output.status, 0);
  EXPECT_EQ(output.text, ToPem(key->public_key()));
}

TEST_F(KeyFileTest, WeReadOpensslsKeys) {
  if (!HasProgram("openssl")) GTEST_SKIP() << "missing program: openssl";
  ASSERT_EQ(RunShell("umask 077; openssl genpkey -algorithm ed25519 -out '" + path_.string() + "'")
                .status,
            0);
  const auto key = LoadSigningKey(path_);
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(RunShell("openssl pkey -in '" + path_.string() + "' -pubout").text,
            ToPem(key->public_key()));
}

TEST_F(KeyFileTest, OpensslVerifiesOurSignatures) {
  if (!HasProgram("openssl")) GTEST_SKIP() << "missing program: openssl";
  const auto key = CreateSigningKey(path_, entropy_);
  ASSERT_TRUE(key);
  const std::string_view message = "a message";
  ASSERT_TRUE(WriteFileAtomically(folder_ / "pub", AsBytes(ToPem(key->public_key()))));
  ASSERT_TRUE(WriteFileAtomically(folder_ / "msg", AsBytes(message)));
  ASSERT_TRUE(WriteFileAtomically(folder_ / "sig", key->Sign(AsBytes(message)).bytes));
  const std::string at = folder_.path().string();
  const Output output = RunShell("cd '" + at +
                                 "' && openssl pkeyutl -verify -pubin -inkey pub -rawin -in msg "
                                 "-sigfile sig");
  EXPECT_EQ(output.status, 0) << output.text;
}

TEST_F(KeyFileTest, SshKeygenShowsTheSameFingerprint) {
  if (!HasProgram("ssh-keygen")) GTEST_SKIP() << "missing program: ssh-keygen";
  const SigningKey key = SigningKey::Generate(entropy_);
  ASSERT_TRUE(
      WriteFileAtomically(folder_ / "pub", AsBytes(ToOpenSsh(key.public_key()) + " node\n")));
  EXPECT_THAT(RunShell("ssh-keygen -l -f '" + (folder_ / "pub").string() + "'").text,
              HasSubstr(" " + Fingerprint(key.public_key()) + " "));
}

}  // namespace
}  // namespace plasm::crypto
