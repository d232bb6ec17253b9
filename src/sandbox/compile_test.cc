#include "sandbox/compile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "sandbox/testing/guest.h"

namespace plasm::sandbox {
namespace {

using ::testing::AllOf;
using testing::Guest;
using ::testing::HasSubstr;
using testing::Wat;

const Engine& Quick() {
  static const auto engine =
      Engine::Create({.tier = Tier::kQuick, .allocation = Allocation::kOnDemand});
  return *engine;
}

std::string WhyRefused(const Bytes& module) {
  const auto artefact = Compile(Quick(), module);
  if (artefact) return "not refused";
  EXPECT_EQ(artefact.error().code, ErrorCode::kInvalid) << artefact.error().message;
  return artefact.error().message;
}

TEST(CompileTest, CompilesASmallProgram) {
  const auto artefact = Compile(Quick(), Guest(""));
  ASSERT_TRUE(artefact) << artefact.error().message;
  EXPECT_FALSE(artefact->empty());
}

TEST(CompileTest, NamesModuleAndNameOfAnUnknownImport) {
  EXPECT_THAT(WhyRefused(Wat(R"((module (import "acme" "frobnicate" (func))
                                        (func (export "_start"))))")),
              AllOf(HasSubstr("\"acme\" \"frobnicate\""), HasSubstr("does not provide")));
}

TEST(CompileTest, NamesAnUnknownCallOfWasi) {
  EXPECT_THAT(WhyRefused(Wat(R"((module
      (import "wasi_snapshot_preview1" "fd_frob" (func)) (func (export "_start"))))")),
              HasSubstr("\"wasi_snapshot_preview1\" \"fd_frob\""));
}

TEST(CompileTest, TheOlderWasiIsAnUnknownImport) {
  EXPECT_THAT(WhyRefused(Wat(R"((module
      (import "wasi_unstable" "proc_exit" (func (param i32))) (func (export "_start"))))")),
              HasSubstr("\"wasi_unstable\" \"proc_exit\""));
}

TEST(CompileTest, NamesAWasiImportOfTheWrongType) {
  for (const char* type : {"(func)", "(func (param i64))", "(func (param i32) (result i32))",
                           "(func (param i32 i32))", "(global i32)"}) {
    EXPECT_THAT(WhyRefused(Wat(std::string("(module (import \"wasi_snapshot_preview1\" "
                                           "\"proc_exit\" ") +
                               type + ") (func (export \"_start\")))")),
                AllOf(HasSubstr("\"proc_exit\""), HasSubstr("type")))
        << type;
  }
}

TEST(CompileTest, NamesAnImportedMemory) {
  EXPECT_THAT(WhyRefused(Wat(R"((module (import "env" "memory" (memory 1))
                                        (func (export "_start"))))")),
              HasSubstr("\"env\" \"memory\""));
}

TEST(CompileTest, ShowsNamesFromTheModuleWithoutControlCharactersAndCut) {
  const std::string message =
      WhyRefused(Wat(R"((module (import "a\1b[31m\0a" ")" + std::string(5000, 'x') +
                     R"(" (func)) (func (export "_start"))))"));
  EXPECT_THAT(message, HasSubstr("\"a\\x1b[31m\\x0a\""));
  EXPECT_LT(message.size(), 500u);
}

TEST(CompileTest, TheEnginesOwnWordsCarryNoControlCharactersOfTheModule) {
  // Two exports of one name are invalid, and the engine's message repeats it.
  Bytes module = Wat(R"((module (func (export "_start")) (func (export "e\1b[31mX"))
                                (func (export "e\1b[31mY"))))");
  for (auto& byte : module) {
    if (byte == std::byte{'Y'}) byte = std::byte{'X'};
  }
  const std::string message = WhyRefused(module);
  EXPECT_THAT(message, HasSubstr("duplicate"));
  EXPECT_TRUE(std::ranges::none_of(message, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
      << ::testing::PrintToString(message);
}

TEST(CompileTest, NamesAReactor) {
  EXPECT_THAT(WhyRefused(Wat(R"((module (func (export "_initialize"))))")), HasSubstr("reactor"));
}

TEST(CompileTest, NamesAMissingStart) {
  EXPECT_THAT(WhyRefused(Wat("(module (func (export \"main\")))")), HasSubstr("_start"));
}

TEST(CompileTest, RefusesAStartThatIsNotAPlainFunction) {
  EXPECT_THAT(WhyRefused(Wat(R"((module (func (export "_start") (param i32))))")),
              HasSubstr("_start without parameters"));
  EXPECT_THAT(WhyRefused(Wat(R"((module (func (export "_start") (result i32) i32.const 1)))")),
              HasSubstr("_start without parameters"));
  EXPECT_THAT(WhyRefused(Wat(R"((module (memory (export "_start") 1)))")), HasSubstr("_start"));
}

TEST(CompileTest, RefusesEveryTruncation) {
  const Bytes module = Wat(R"((module (import "wasi_snapshot_preview1" "proc_exit"
      (func (param i32))) (memory 1) (func (export "_start") (call 0 (i32.const 3)))))");
  for (std::size_t length = 0; length < module.size(); ++length) {
    EXPECT_NE(
        WhyRefused(Bytes(module.begin(), module.begin() + static_cast<std::ptrdiff_t>(length))),
        "not refused")
        << length;
  }
  EXPECT_TRUE(Compile(Quick(), module));
}

TEST(CompileTest, RefusesBytesBehindTheModule) {
  Bytes module = Guest("");
  module.insert(module.end(), 16, std::byte{0xff});
  EXPECT_THAT(WhyRefused(module), HasSubstr("not valid"));
}

// What lies outside of the profile, or would let a guest have more than its limits.
TEST(CompileTest, RefusesWhatTheProfileLeavesOut) {
  constexpr std::string_view kVector = "(v128.const i32x4 0 0 0 0)";
  const std::pair<std::string, std::string> refused[] = {
      {"two memories", "(memory 1) (memory 1)"},
      {"shared memory", "(memory 1 1 shared)"},
      {"atomics", "(memory 1) (func (drop (i32.atomic.load (i32.const 0))))"},
      {"relaxed SIMD", "(func (drop (i32x4.relaxed_trunc_f32x4_s " + std::string(kVector) + ")))"},
      {"64-bit memory", "(memory i64 1)"},
      {"garbage collection", "(type (struct (field i32)))"},
      {"typed function references", "(type $t (func)) (func (param (ref $t)))"},
      {"exceptions", "(tag (param i32)) (func (throw 0 (i32.const 1)))"},
      {"wide arithmetic",
       "(func (param i64 i64) (drop (i64.mul_wide_u (local.get 0) (local.get 1))) drop)"},
      {"custom page sizes", "(memory 1 (pagesize 1))"},
  };
  for (const auto& [name, items] : refused) {
    EXPECT_THAT(WhyRefused(Wat("(module (func (export \"_start\"))" + items + ")")),
                HasSubstr("not valid"))
        << name;
  }
}

TEST(CompileTest, AcceptsWhatCompilersUse) {
  const std::pair<std::string, std::string> accepted[] = {
      {"SIMD", "(func (drop (v128.const i32x4 0 0 0 0)))"},
      {"bulk memory", "(memory 1) (func (memory.fill (i32.const 0) (i32.const 1) (i32.const 9)))"},
      {"multi-value", "(func (result i32 i32) i32.const 1 i32.const 2)"},
      {"reference types", "(table 1 externref)"},
      {"tail calls", "(func $f return_call $f)"},
      {"sign extension", "(func (drop (i32.extend8_s (i32.const 1))))"},
      {"many tables", std::string(60, ' ') + "(table 1 funcref) (table 2 funcref)"},
  };
  for (const auto& [name, items] : accepted) {
    const auto artefact = Compile(Quick(), Wat("(module (func (export \"_start\"))" + items + ")"));
    EXPECT_TRUE(artefact) << name << ": " << (artefact ? "" : artefact.error().message);
  }
}

}  // namespace
}  // namespace plasm::sandbox
