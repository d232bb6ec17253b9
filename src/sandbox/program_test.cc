#include "sandbox/program.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <fstream>
#include <iterator>
#include <string>

#include "base/file.h"
#include "base/testing/temp_folder.h"
#include "sandbox/testing/guest.h"

namespace plasm::sandbox {
namespace {

using testing::ConfigOf;
using testing::Guest;
using ::testing::HasSubstr;
using testing::Ran;
using testing::RunGuest;
using testing::Wat;

constexpr std::uint64_t kPage = 65536;

struct Way {
  const char* name;
  Target target;
  Tier tier;
};
constexpr Way kQuick{"quick", Target::kNative, Tier::kQuick};
constexpr Way kFull{"full", Target::kNative, Tier::kFull};
constexpr Way kPulley{"pulley", Target::kPulley, Tier::kFull};

const Engine& Pool(Target target) {
  static const auto native = Engine::Create({.target = Target::kNative});
  static const auto pulley = Engine::Create({.target = Target::kPulley});
  return target == Target::kNative ? *native : *pulley;
}

Bytes Artefact(const Bytes& module, const Way& way) {
  const auto engine =
      Engine::Create({.target = way.target, .tier = way.tier, .allocation = Allocation::kOnDemand});
  if (!engine) throw std::runtime_error(engine.error().message);
  auto artefact = Compile(*engine, module);
  if (!artefact) throw std::runtime_error(artefact.error().message);
  return *std::move(artefact);
}

Program Load(const Bytes& module, const Way& way = kFull) {
  auto program = Program::Load(Pool(way.target), Artefact(module, way));
  if (!program) throw std::runtime_error(program.error().message);
  return *std::move(program);
}

Bytes Example(const std::string& name) {
  return *ReadFile(std::string(PLASM_EXAMPLES_DIR) + "/" + name, 1 << 24);
}

// Writes "hello", of which `length` bytes.
std::string WriteHello(int length) {
  return "(i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const " +
         std::to_string(length) +
         ")) (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))";
}
constexpr const char* kHello = R"((memory (export "memory") 1) (data (i32.const 100) "hello"))";

class ProgramTest : public ::testing::TestWithParam<Way> {};
INSTANTIATE_TEST_SUITE_P(EveryWay, ProgramTest, ::testing::Values(kQuick, kFull, kPulley),
                         [](const auto& way) { return std::string(way.param.name); });

TEST_P(ProgramTest, ExitsWithTheGuestsOwnCode) {
  for (const std::uint32_t code : {0u, 1u, 125u, 255u, 256u, 0xffffffffu}) {
    const Ran ran = RunGuest(Load(Guest("(call $exit (i32.const " +
                                        std::to_string(static_cast<int>(code)) + ")) unreachable"),
                                  GetParam()));
    EXPECT_EQ(ran.result.status, RunStatus::kExited);
    EXPECT_EQ(ran.result.exit_code, code);
    EXPECT_EQ(ran.result.trap, TrapCause::kNone);
  }
}

TEST_P(ProgramTest, ReturningFromStartIsExitCodeZero) {
  const Ran ran = RunGuest(Load(Guest(""), GetParam()));
  EXPECT_EQ(ran.result.status, RunStatus::kExited);
  EXPECT_EQ(ran.result.exit_code, 0u);
}

TEST_P(ProgramTest, NamesTheCauseOfEachTrap) {
  const std::tuple<TrapCause, const char*, const char*> traps[] = {
      {TrapCause::kUnreachable, "unreachable", ""},
      {TrapCause::kMemoryOutOfBounds, "(drop (i32.load (i32.const 65533)))", ""},
      {TrapCause::kMemoryOutOfBounds, "(drop (i32.load8_u (i32.const -1)))", ""},
      {TrapCause::kTableOutOfBounds, "(call_indirect (i32.const 7))", "(table 2 funcref)"},
      {TrapCause::kIndirectCallToNull, "(call_indirect (i32.const 1))", "(table 2 funcref)"},
      {TrapCause::kBadSignature, "(call_indirect (param i32) (i32.const 1) (i32.const 0))",
       "(table funcref (elem $start))"},
      {TrapCause::kIntegerOverflow, "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))", ""},
      {TrapCause::kIntegerDivisionByZero, "(drop (i32.div_u (i32.const 1) (i32.const 0)))", ""},
      {TrapCause::kIntegerOverflow, "(drop (i32.trunc_f64_s (f64.const 1e300)))", ""},
      {TrapCause::kBadConversionToInteger, "(drop (i32.trunc_f64_s (f64.const nan)))", ""},
      {TrapCause::kStackOverflow, "(call $start)", ""},
  };
  for (const auto& [cause, body, items] : traps) {
    const Ran ran = RunGuest(
        Load(Guest(body, std::string("(memory (export \"memory\") 1)") + items), GetParam()));
    EXPECT_EQ(ran.result.status, RunStatus::kTrapped) << body;
    EXPECT_EQ(TrapName(ran.result.trap), TrapName(cause)) << body << ": " << ran.result.message;
    EXPECT_FALSE(ran.result.message.empty());
  }
}

TEST_P(ProgramTest, AFatalSignalRaisedByTheGuestIsATrap) {
  const Ran ran = RunGuest(Load(Guest("(drop (call $raise (i32.const 6)))"), GetParam()));
  EXPECT_EQ(ran.result.status, RunStatus::kTrapped);
  EXPECT_EQ(TrapName(ran.result.trap), "abort");
  EXPECT_THAT(ran.result.message, HasSubstr("signal 6"));
}

TEST_P(ProgramTest, ATrapInTheStartFunctionIsATrap) {
  const Ran ran = RunGuest(Load(Wat(R"((module (func $init unreachable) (start $init)
                                          (func (export "_start"))))"),
                                GetParam()));
  EXPECT_EQ(ran.result.status, RunStatus::kTrapped);
  EXPECT_EQ(ran.result.trap, TrapCause::kUnreachable);
}

TEST_P(ProgramTest, TheStartFunctionMayCallTheHost) {
  const Ran ran = RunGuest(Load(Guest("", std::string(kHello) + "(func $init " + WriteHello(5) +
                                              " (call $exit (i32.const 9))) (start $init)"),
                                GetParam()));
  EXPECT_EQ(ran.result.status, RunStatus::kExited);
  EXPECT_EQ(ran.result.exit_code, 9u);
  EXPECT_EQ(ran.out, "hello");
}

TEST_P(ProgramTest, RunsOutOfFuelAtTheSamePointEachTime) {
  const Program program =
      Load(Guest("(loop $l " + WriteHello(1) + " (br $l))", kHello), GetParam());
  const Ran first = RunGuest(program, {.fuel = 10'000});
  EXPECT_EQ(first.result.status, RunStatus::kOutOfFuel);
  EXPECT_FALSE(first.out.empty());
  for (int i = 0; i < 20; ++i) {
    const Ran again = RunGuest(program, {.fuel = 10'000});
    EXPECT_EQ(again.result.status, RunStatus::kOutOfFuel);
    EXPECT_EQ(again.result.fuel_used, first.result.fuel_used);
    EXPECT_EQ(again.out, first.out);
  }
}

TEST_P(ProgramTest, NeverReportsMoreFuelThanTheLimit) {
  const Program program = Load(Guest("(loop $l (br $l))"), GetParam());
  for (const std::uint64_t fuel : {1u, 2u, 3u, 10u, 1'000'003u}) {
    const Ran ran = RunGuest(program, {.fuel = fuel});
    EXPECT_EQ(ran.result.status, RunStatus::kOutOfFuel);
    EXPECT_LE(ran.result.fuel_used, fuel);
  }
}

TEST_P(ProgramTest, AFuelLimitWithRoomDoesNotChangeWhatIsUsed) {
  const Program program = Load(Example("hello.wasm"), GetParam());
  const wasi::HostConfig config = ConfigOf({"hello", "abc"});
  const std::uint64_t used = RunGuest(program, {}, config).result.fuel_used;
  ASSERT_GT(used, 0u);
  EXPECT_EQ(RunGuest(program, {.fuel = used + 1}, config).result.status, RunStatus::kExited);
  EXPECT_EQ(RunGuest(program, {.fuel = used + 1}, config).result.fuel_used, used);
  EXPECT_EQ(RunGuest(program, {.fuel = used - 1}, config).result.status, RunStatus::kOutOfFuel);
}

TEST_P(ProgramTest, GrowthWithinTheLimitNeverFailsAndBeyondItFailsInTheGuest) {
  // Grows by one page until refused; the exit code is the size in pages.
  const Program by_one = Load(Guest(R"(
      (loop $l (br_if $l (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
      (call $exit (memory.size)))"),
                              GetParam());
  for (const std::uint64_t pages : {1u, 2u, 16u, 1000u}) {
    const Ran ran = RunGuest(by_one, {.memory_bytes = pages * kPage});
    EXPECT_EQ(ran.result.status, RunStatus::kExited) << ran.result.message;
    EXPECT_EQ(ran.result.exit_code, pages);
  }
  EXPECT_EQ(RunGuest(by_one, {.memory_bytes = 3 * kPage + 1}).result.exit_code, 3u);
}

TEST_P(ProgramTest, GrowthToTheWholeAddressSpaceIsALimitLikeAnother) {
  const Program at_once = Load(Guest("(call $exit (memory.grow (i32.const 65535)))"), GetParam());
  EXPECT_EQ(RunGuest(at_once, {.memory_bytes = 65536 * kPage}).result.exit_code, 1u);
  EXPECT_EQ(RunGuest(at_once, {.memory_bytes = 65535 * kPage}).result.exit_code, 0xffffffffu);
}

TEST_P(ProgramTest, RefusesAModuleThatStartsWithMoreMemoryThanTheLimit) {
  const Program program = Load(Guest("", "(memory (export \"memory\") 17)"), GetParam());
  const Ran refused = RunGuest(program, {.memory_bytes = 16 * kPage});
  EXPECT_EQ(refused.result.status, RunStatus::kRefused);
  EXPECT_THAT(refused.result.message, HasSubstr("memory"));
  EXPECT_EQ(RunGuest(program, {.memory_bytes = 17 * kPage}).result.status, RunStatus::kExited);
}

TEST_P(ProgramTest, TablesHaveALimitToo) {
  const Program program = Load(Guest(R"(
      (loop $l (br_if $l (i32.ne (table.grow $t (ref.null func) (i32.const 1)) (i32.const -1))))
      (call $exit (table.size $t)))",
                                     "(memory (export \"memory\") 1) (table $t 5 funcref)"),
                               GetParam());
  EXPECT_EQ(RunGuest(program, {.table_elements = 100}).result.exit_code, 100u);
  const Ran refused = RunGuest(program, {.table_elements = 4});
  EXPECT_EQ(refused.result.status, RunStatus::kRefused);
  EXPECT_THAT(refused.result.message, HasSubstr("table"));
}

TEST_P(ProgramTest, EndsTheGuestAtTheOutputLimitAndDeliversWhatFits) {
  const Program program =
      Load(Guest("(loop $l " + WriteHello(5) + " (br $l))", kHello), GetParam());
  wasi::HostConfig config = ConfigOf({"guest"});
  config.limits.output_bytes = 12;
  const Ran ran = RunGuest(program, {}, config);
  EXPECT_EQ(ran.result.status, RunStatus::kOutputLimit);
  EXPECT_EQ(ran.out, "hellohellohe");
}

TEST_P(ProgramTest, EachRunHasAFreshInstance) {
  // Exits with what stood in memory, a global and the table, after changing all three.
  const Program program = Load(
      Guest(R"(
      (local $seen i32)
      (local.set $seen (i32.add (i32.load (i32.const 4096)) (global.get $g)))
      (if (i32.eqz (ref.is_null (table.get (i32.const 0))))
        (then (local.set $seen (i32.const 99))))
      (i32.store (i32.const 4096) (i32.const 7))
      (i32.store (i32.const 130000) (i32.const 7))
      (global.set $g (i32.const 7))
      (table.set (i32.const 0) (ref.func $start))
      (drop (memory.grow (i32.const 3)))
      (call $exit (i32.add (local.get $seen) (memory.size))))",
            R"((memory (export "memory") 2) (global $g (mut i32) (i32.const 0)) (table 1 funcref)
         (elem declare func $start))"),
      GetParam());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(RunGuest(program).result.exit_code, 5u);
}

TEST_P(ProgramTest, NansHaveOneBitPattern) {
  const Program program = Load(Guest(R"(
      (call $exit (i32.reinterpret_f32 (f32.div (f32.mul (f32.const -nan:0x200001) (f32.const 1))
                                                (f32.const 0)))))"),
                               GetParam());
  EXPECT_EQ(RunGuest(program).result.exit_code, 0x7fc00000u);
}

TEST_P(ProgramTest, AThousandRunsUseTheSameFuel) {
  const Program program = Load(Example("hello.wasm"), GetParam());
  const wasi::HostConfig config = ConfigOf({"hello", "Hello, World!"});
  const Ran first = RunGuest(program, {}, config);
  EXPECT_EQ(first.out, "!dlroW ,olleH");
  for (int i = 1; i < 1000; ++i) {
    const Ran ran = RunGuest(program, {}, config);
    ASSERT_EQ(ran.result.fuel_used, first.result.fuel_used) << i;
    ASSERT_EQ(ran.out, first.out) << i;
  }
}

TEST_P(ProgramTest, LoadsFromADescriptor) {
  const plasm::testing::TempFolder folder;
  ASSERT_TRUE(
      WriteFileAtomically(folder / "a", Artefact(Guest("(call $exit (i32.const 7))"), GetParam())));
  const auto program = Program::Load(Pool(GetParam().target),
                                     UniqueFd(open((folder / "a").c_str(), O_RDONLY | O_CLOEXEC)));
  ASSERT_TRUE(program) << program.error().message;
  EXPECT_EQ(RunGuest(*program).result.exit_code, 7u);
}

TEST(ProgramTiersTest, EveryWayCountsTheSameFuel) {
  const std::pair<const char*, std::vector<std::string>> guests[] = {
      {"hello.wasm", {"hello", "Hello, World!"}},
      {"guests/fuel_burner.wasm", {"fuel_burner", "1000"}},
      {"guests/exit_code.wasm", {"exit_code", "3"}},
      {"guests/trap.wasm", {"trap", "bad-signature"}},
  };
  for (const auto& [name, args] : guests) {
    const wasi::HostConfig config = ConfigOf(args);
    const Ran full = RunGuest(Load(Example(name), kFull), {}, config);
    EXPECT_GT(full.result.fuel_used, 0u);
    for (const Way& way : {kQuick, kPulley}) {
      const Ran other = RunGuest(Load(Example(name), way), {}, config);
      EXPECT_EQ(other.result.fuel_used, full.result.fuel_used) << name << " " << way.name;
      EXPECT_EQ(other.result.exit_code, full.result.exit_code) << name << " " << way.name;
      EXPECT_EQ(other.result.trap, full.result.trap) << name << " " << way.name;
      EXPECT_EQ(other.out, full.out) << name << " " << way.name;
    }
  }
}

TEST(ProgramLoadTest, AnArtefactOfAnotherTargetIsCorrupt) {
  const Bytes module = Guest("");
  for (const auto& [way, other] : {std::pair(kFull, Target::kPulley), {kPulley, Target::kNative}}) {
    const auto refused = Program::Load(Pool(other), Artefact(module, way));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kCorrupt);
  }
}

TEST(ProgramLoadTest, GarbageIsCorrupt) {
  const plasm::testing::TempFolder folder;
  for (const std::string& bytes : {std::string(), std::string("garbage"),
                                   std::string(100'000, '\x7f'), std::string(AsText(Guest("")))}) {
    const auto refused = Program::Load(Pool(Target::kNative), AsBytes(bytes));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kCorrupt);

    ASSERT_TRUE(WriteFileAtomically(folder / "a", AsBytes(bytes)));
    const auto from_file = Program::Load(
        Pool(Target::kNative), UniqueFd(open((folder / "a").c_str(), O_RDONLY | O_CLOEXEC)));
    ASSERT_FALSE(from_file);
    EXPECT_EQ(from_file.error().code, ErrorCode::kCorrupt);
  }
}

TEST(ProgramLoadTest, AnArtefactCutShortIsCorrupt) {
  const Bytes artefact = Artefact(Guest(""), kFull);
  for (const std::size_t length : {std::size_t{1}, std::size_t{64}, artefact.size() / 2}) {
    const auto refused = Program::Load(Pool(Target::kNative), ByteView(artefact).first(length));
    ASSERT_FALSE(refused) << length;
    EXPECT_EQ(refused.error().code, ErrorCode::kCorrupt);
  }
}

TEST(ProgramLoadTest, AModuleTooLargeForThePoolRunsOnDemand) {
  std::string tables = "(memory (export \"memory\") 1)";
  for (int i = 0; i < 20; ++i) tables += "(table 1 funcref)";
  const Bytes artefact = Artefact(Guest("(call $exit (i32.const 4))", tables), kFull);
  EXPECT_FALSE(Program::Load(Pool(Target::kNative), artefact));
  const auto engine = Engine::Create({.allocation = Allocation::kOnDemand});
  const auto program = Program::Load(*engine, artefact);
  ASSERT_TRUE(program) << program.error().message;
  EXPECT_EQ(RunGuest(*program).result.exit_code, 4u);
}

}  // namespace
}  // namespace plasm::sandbox
