#include "job/background_compile.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "worker/supervisor/compiler.h"
#include "worker/supervisor/worker_process.h"

extern char** environ;

namespace plasm::app {
namespace {

constexpr const char* kVerb = "__compile";
constexpr int kLowestPriority = 19;

struct Flags {
  std::string data_dir;
  std::string module;
  std::string digest;
  bool pulley = false;
};

Result<void> CompileOne(const Flags& flags) {
  PLASM_TRY(const DataFolder data, DataFolder::Locate(flags.data_dir));
  const worker::ArtefactCache cache(data.artefacts());
  PLASM_TRY(const Sha256Digest digest, Sha256Digest::FromHex(flags.digest));
  const UniqueFd lock(open((data.artefacts() / ("." + flags.digest + ".lock")).c_str(),
                           O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock || flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return {};
  const worker::ArtefactKey key{digest,
                                flags.pulley ? worker::Target::kPulley : worker::Target::kNative,
                                worker::Tier::kFull};
  if (cache.Has(key)) return {};

  PLASM_TRY(const Bytes module, ReadFile(flags.module, worker::kMaxModuleFileBytes));
  if (Sha256Of(module) != digest) return {};  // changed since: not what was run
  PLASM_TRY(auto worker_program, worker::FindWorkerProgram());
  SystemClock clock;
  const worker::Compiler compiler(std::move(worker_program), cache, clock);
  PLASM_TRY(const UniqueFd artefact, compiler.Compile(key, module));
  unlink((data.artefacts() / ("." + flags.digest + ".lock")).c_str());
  return {};
}

}  // namespace

void CompileInBackground(const std::filesystem::path& module, const Sha256Digest& digest,
                         worker::Target target, const DataFolder& data) {
  std::vector<std::string> words = {"plasm",    kVerb,           "--data-dir", data.root().string(),
                                    "--module", module.string(), "--digest",   digest.ToHex()};
  if (target == worker::Target::kPulley) words.emplace_back("--pulley");
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (int fd = 0; fd <= 2; ++fd) {
    posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
  }
  // Whoever reads our output must not wait for descriptors that the child still holds.
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  pid_t pid = -1;
  (void)posix_spawn(&pid, "/proc/self/exe", &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
}

void AddBackgroundCompileVerb(CLI::App& app, int& exit_status) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand(kVerb)->group("");
  verb->add_option("--data-dir", flags->data_dir);
  verb->add_option("--module", flags->module)->required();
  verb->add_option("--digest", flags->digest)->required();
  verb->add_flag("--pulley", flags->pulley);
  verb->callback([flags, &exit_status] {
    setpriority(PRIO_PROCESS, 0, kLowestPriority);
    exit_status = CompileOne(*flags) ? 0 : 1;
  });
}

}  // namespace plasm::app
