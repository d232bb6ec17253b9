// plasm-worker: runs or compiles guests for a supervisor, which starts it with a socket as
// descriptor 3. Not for people: it has no use without one.
#include <sys/resource.h>
#include <sys/socket.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "base/clock.h"
#include "base/entropy.h"
#include "worker/loop/compile_once.h"
#include "worker/loop/confinement.h"
#include "worker/loop/run_loop.h"

#ifdef PLASM_SANITIZED
// Looking for leaks at exit takes a tracing process, which a confined worker cannot start.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }
// The engine leaves its handler of a trap by a changed program counter, and ThreadSanitizer
// takes all that follows for a part of the handler.
extern "C" const char* __tsan_default_options() { return "report_signal_unsafe=0"; }
#endif

namespace {

using namespace plasm;

constexpr int kSocket = 3;
constexpr int kExitUsage = 2;
constexpr int kExitFailed = 1;
constexpr int kLowPriority = 10;  // a tenth of a normal process's share; 19 would all but stop

struct Settings {
  bool compile = false;
  sandbox::EngineSettings engine;
  bool low_priority = false;
  std::uint64_t memory_bytes = 0;
};

bool ParseSettings(int argc, char** argv, Settings& settings) {
  if (argc < 2 || argc % 2 != 0) return false;
  const std::string_view verb = argv[1];
  if (verb != "run" && verb != "compile") return false;
  settings.compile = verb == "compile";
  settings.engine.allocation =
      settings.compile ? sandbox::Allocation::kOnDemand : sandbox::Allocation::kPool;
  for (int i = 2; i < argc; i += 2) {
    const std::string_view flag = argv[i];
    const std::string_view value = argv[i + 1];
    if (flag == "--target" && (value == "native" || value == "pulley")) {
      settings.engine.target =
          value == "pulley" ? sandbox::Target::kPulley : sandbox::Target::kNative;
    } else if (flag == "--tier" && (value == "quick" || value == "full")) {
      settings.engine.tier = value == "quick" ? sandbox::Tier::kQuick : sandbox::Tier::kFull;
    } else if (flag == "--priority" && (value == "normal" || value == "low")) {
      settings.low_priority = value == "low";
    } else if (flag == "--memory") {
      const auto [end, failed] = std::from_chars(value.begin(), value.end(), settings.memory_bytes);
      if (failed != std::errc() || end != value.end()) return false;
    } else {
      return false;
    }
  }
  return settings.memory_bytes > 0;
}

bool IsSocket(int fd) {
  int type = 0;
  socklen_t size = sizeof(type);
  return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

Result<void> Work(const Settings& settings) {
  PLASM_TRY_VOID(worker::ForgetParent(kSocket));
  // Before the engine starts threads, which inherit it.
  if (settings.low_priority) setpriority(PRIO_PROCESS, 0, kLowPriority);
  // Never closed before the process has its exit status: a supervisor that sees the socket
  // close kills what is left, and would report that instead.
  static auto& channel =
      *new worker::Channel(UniqueFd(kSocket), worker::Channel::Descriptors::kAccept);
  if (settings.compile) return worker::CompileOnce(channel, settings.engine, settings.memory_bytes);

  SystemClock clock;
  SystemEntropy entropy;
  PLASM_TRY(const sandbox::Engine engine, sandbox::Engine::Create(settings.engine));
  PLASM_TRY_VOID(worker::Confine({.memory_bytes = settings.memory_bytes}));
  worker::RunLoop loop(channel, engine, settings.engine, clock, entropy);
  return loop.Run();
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  if (!ParseSettings(argc, argv, settings) || !IsSocket(kSocket)) {
    std::fputs(
        "plasm-worker is started by plasmd and plasm, with a socket as descriptor 3.\n"
        "usage: plasm-worker run|compile --memory BYTES [--target native|pulley] "
        "[--tier quick|full] [--priority normal|low]\n",
        stderr);
    return kExitUsage;
  }
  const auto result = Work(settings);
  if (!result) {
    // Standard error is /dev/null under a supervisor; this is for whoever debugs it.
    std::fprintf(stderr, "plasm-worker: %s\n", result.error().message.c_str());
    return kExitFailed;
  }
  return 0;
}
