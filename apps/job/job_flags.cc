#include "job/job_flags.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <cmath>

#include "base/hex.h"
#include "cli/timestamp.h"

namespace plasm::app {
namespace {

// The library gives what stands behind "--" to the program, not to the verb; hidden from
// it, "--" is the first word that the verb does not know.
const std::string kSeparatorMark("\0--", 3);

// The library knows nothing of the words that TakeModuleAndArguments leaves to the guest.
class GuestVerbFormatter final : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* verb, std::string) const override {
    return "Usage: " + verb->get_parent()->get_name() + " " + verb->get_name() +
           " [OPTIONS] [--] MODULE [ARGUMENTS...]\n";
  }
};

// "HOST::GUEST".
Result<execution::HostFolder> ParseDir(const std::string& text) {
  const auto mark = text.find("::");
  if (mark == std::string::npos || mark == 0 || mark + 2 == text.size()) {
    return Error{ErrorCode::kInvalid,
                 "--dir " + text + ": HOST::GUEST is expected, as in ./data::/data"};
  }
  return execution::HostFolder{text.substr(0, mark), text.substr(mark + 2)};
}

// "GUEST=HOST".
Result<execution::HostFolder> ParseGuestFirst(const std::string& flag, const std::string& text) {
  const auto mark = text.find('=');
  if (mark == std::string::npos || mark == 0 || mark + 1 == text.size()) {
    return Error{ErrorCode::kInvalid, flag + " " + text + ": GUEST=HOST is expected"};
  }
  return execution::HostFolder{text.substr(mark + 1), text.substr(0, mark)};
}

// In whole milliseconds, rounded up: zero means none.
std::uint64_t TimeoutMs(double seconds) {
  return static_cast<std::uint64_t>(std::ceil(seconds * 1000));
}

}  // namespace

worker::TierChoice JobFlags::TierChoice() const {
  if (tier == "quick") return worker::TierChoice::kQuick;
  return tier == "full" ? worker::TierChoice::kFull : worker::TierChoice::kAuto;
}

worker::Target JobFlags::Target() const {
  return engine == "pulley" ? worker::Target::kPulley : worker::Target::kNative;
}

void AddJobFlags(CLI::App& verb, JobFlags& flags, FolderFlag folders) {
  verb.add_option("--env", flags.env, "Environment variable of the guest; repeatable")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  const bool guest_first = folders == FolderFlag::kInput;
  verb.add_option(guest_first ? "--input" : "--dir", guest_first ? flags.inputs : flags.dirs,
                  "Give the guest a snapshot of a folder; repeatable. The folder is never written")
      ->type_name(guest_first ? "GUEST=HOST" : "HOST::GUEST")
      ->allow_extra_args(false);
  verb.add_option("--output", flags.outputs,
                  "After the guest exits, copy its file or folder to the host; repeatable")
      ->type_name("GUEST=HOST")
      ->allow_extra_args(false);
  verb.add_option("--memory", flags.limits.memory_bytes,
                  "Most memory of the guest, as in 256MiB [512MiB]")
      ->type_name("SIZE")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::Range(std::uint64_t{1} << 16, std::uint64_t{4} << 30));
  verb.add_option("--fuel", flags.limits.fuel,
                  "Most instructions, as the engine counts them [no limit]")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{INT64_MAX}));
  verb.add_option("--timeout", flags.timeout_seconds, "Most wall time in seconds; 0: none [300]")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 31'536'000.0));
  verb.add_option("--output-limit", flags.limits.output_bytes,
                  "Most bytes on stdout and stderr together [64MiB]")
      ->type_name("SIZE")
      ->transform(CLI::AsSizeValue(false));
  verb.add_option("--profile", flags.profile,
                  "plasm-det-1 (replayable) or live (real clock and random) [plasm-det-1]")
      ->type_name("NAME")
      ->check(CLI::IsMember({"plasm-det-1", "live"}));
  verb.add_option("--seed", flags.seed, "Seed of the guest's random, 64 hex digits [from the job]")
      ->type_name("HEX");
  verb.add_option("--start-time", flags.start_time,
                  "What the guest's clock says at its start: Unix seconds or RFC 3339 [now]")
      ->type_name("TIME");
}

void AddEngineFlags(CLI::App& verb, JobFlags& flags) {
  verb.add_option("--tier", flags.tier,
                  "How a module is compiled: quick, full or auto (quick the first time) [auto]")
      ->type_name("TIER")
      ->check(CLI::IsMember({"auto", "quick", "full"}));
  verb.add_option("--engine", flags.engine, "native code, or pulley, an interpreter [native]")
      ->type_name("ENGINE")
      ->check(CLI::IsMember({"native", "pulley"}));
}

void TakeModuleAndArguments(CLI::App& verb) {
  verb.prefix_command();
  verb.formatter(std::make_shared<GuestVerbFormatter>());
}

std::vector<std::string> MarkSeparator(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const auto separator = std::ranges::find(words, "--");
  if (separator != words.end()) *separator = kSeparatorMark;
  std::ranges::reverse(words);  // as CLI::App::parse wants them
  return words;
}

Result<std::vector<std::string>> ModuleAndArguments(const CLI::App& verb) {
  std::vector<std::string> words = verb.remaining();
  if (!words.empty() && words.front() == kSeparatorMark) words.erase(words.begin());
  std::ranges::replace(words, kSeparatorMark, "--");  // behind MODULE it is the guest's own
  if (words.empty()) {
    return Error{ErrorCode::kInvalid, "MODULE is missing: name the .wasm file to run"};
  }
  if (words.front().starts_with("-")) {
    return Error{ErrorCode::kInvalid, "unknown option " + words.front() + " (see --help)"};
  }
  return words;
}

Result<OrderedJob> OrderOf(const JobFlags& flags, const std::vector<std::string>& words) {
  OrderedJob job;
  execution::JobOrder& order = job.order;
  order.args = words;
  order.args.front() = std::filesystem::path(words.front()).filename().string();
  for (const auto& variable : flags.env) {
    if (variable.find('=') == std::string::npos || variable.front() == '=') {
      return Error{ErrorCode::kInvalid, "--env " + variable + ": KEY=VALUE is expected"};
    }
  }
  order.env = flags.env;
  for (const auto& dir : flags.dirs) {
    PLASM_TRY(execution::HostFolder folder, ParseDir(dir));
    order.inputs.push_back(std::move(folder));
  }
  for (const auto& input : flags.inputs) {
    PLASM_TRY(execution::HostFolder folder, ParseGuestFirst("--input", input));
    order.inputs.push_back(std::move(folder));
  }
  for (const auto& output : flags.outputs) {
    PLASM_TRY(execution::HostFolder mapping, ParseGuestFirst("--output", output));
    order.outputs.push_back(std::move(mapping.guest));
    job.destinations.push_back(std::move(mapping.host));
  }
  order.limits = flags.limits;
  order.wall_time_ms = TimeoutMs(flags.timeout_seconds);
  order.profile = flags.profile == "live" ? receipt::Profile::kLive : receipt::Profile::kDet1;
  if (!flags.start_time.empty()) {
    const auto seconds = ParseTimestamp(flags.start_time);
    if (!seconds) return Error{ErrorCode::kInvalid, "--start-time " + seconds.error().message};
    order.start_time_ns = *seconds * 1'000'000'000;
  }
  if (!flags.seed.empty()) {
    order.seed.emplace();
    if (!DecodeHexTo(flags.seed, *order.seed)) {
      return Error{ErrorCode::kInvalid,
                   "--seed " + flags.seed + ": 64 lower-case hex digits are expected"};
    }
  }
  return job;
}

Result<std::string> ParseNonce(const std::string& flag, const std::string& text) {
  constexpr std::size_t kLeast = 16;
  constexpr std::size_t kMost = 64;
  const auto nonce = DecodeHex(text);
  if (nonce && nonce->size() >= kLeast && nonce->size() <= kMost) return text;
  return Error{ErrorCode::kInvalid, flag + ": 32 to 128 lower-case hex digits are expected"};
}

}  // namespace plasm::app
