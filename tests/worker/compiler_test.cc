// Compile workers: real ones, and programs in their place that are none.
#include "worker/supervisor/compiler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "processes.h"

namespace plasm::worker {
namespace {

using ::testing::HasSubstr;

class CompilerTest : public ::testing::Test {
 protected:
  Result<UniqueFd> Compile(ByteView module, const std::filesystem::path& program = PLASM_WORKER,
                           CompileLimits limits = {}) {
    const Compiler compiler(program, cache_, clock_, limits);
    return compiler.Compile({Sha256Of(module), Target::kNative, Tier::kQuick}, module);
  }

  plasm::testing::TempFolder folder_;
  ArtefactCache cache_{folder_ / "artefacts", std::uint64_t{1} << 30};
  SystemClock clock_;
};

TEST_F(CompilerTest, StoresWhatItCompiled) {
  const Bytes module = Example("hello.wasm");
  const auto artefact = Compile(module);
  ASSERT_TRUE(artefact) << artefact.error().message;
  EXPECT_TRUE(cache_.Find({Sha256Of(module), Target::kNative, Tier::kQuick}));
  // It goes to workers, who must not change it for each other.
  EXPECT_EQ(fcntl(artefact->get(), F_GETFL) & O_ACCMODE, O_RDONLY);
  EXPECT_TRUE(Children().empty());
}

TEST_F(CompilerTest, SaysWhatIsWrongWithAModuleAndStoresNothing) {
  const std::pair<const char*, const char*> modules[] = {
      {"guests/unknown_import.wasm", "\"acme\" \"frobnicate\""},
      {"guests/reactor.wasm", "reactor"},
      {"guests/component.wasm", "component"},
      {"hello.c", "not a WebAssembly module"},
  };
  for (const auto& [name, reason] : modules) {
    const auto refused = Compile(Example(name));
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(refused.error().message, HasSubstr(reason));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "artefacts"));
}

TEST_F(CompilerTest, AWorkerOfAnotherBuildIsNamedAsSuch) {
  const auto liar = folder_ / "is-of-another-build";
  std::filesystem::create_symlink(PLASM_HOSTILE_WORKER, liar);
  const auto refused = Compile(Example("hello.wasm"), liar);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("another build"));
}

TEST_F(CompilerTest, AnEmptyModuleIsNamed) {
  const auto refused = Compile({});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("empty"));
}

TEST_F(CompilerTest, HoldsItsTimeLimit) {
  const auto refused = Compile(Example("hello.wasm"), PLASM_WORKER, {.wall_time_ns = 0});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  EXPECT_TRUE(Children().empty());
}

TEST_F(CompilerTest, AWorkerThatDiesIsAFaultOfOurs) {
  for (const auto& [program, ended] :
       {std::pair("/bin/true", "status 0"), std::pair("/bin/false", "status 1")}) {
    const auto refused = Compile(Example("hello.wasm"), program);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kInternal);
    EXPECT_THAT(refused.error().message, HasSubstr(ended));
  }
}

TEST_F(CompilerTest, AWorkerWithTooLittleMemoryFailsAlone) {
#ifdef PLASM_SANITIZED
  GTEST_SKIP() << "a worker of a sanitizer build has no memory limit (worker/loop/confinement.cc)";
#endif
  const auto refused =
      Compile(Example("hello.wasm"), PLASM_WORKER, {.memory_bytes = std::uint64_t{1} << 20});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInternal);
  EXPECT_FALSE(cache_.Has({Sha256Of(Example("hello.wasm")), Target::kNative, Tier::kQuick}));
}

}  // namespace
}  // namespace plasm::worker
