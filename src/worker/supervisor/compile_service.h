// Compiles modules away from whoever needs them: each once, however many ask, and the urgent
// ones never behind those that can wait.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "worker/supervisor/artefact_cache.h"
#include "worker/supervisor/compiler.h"

namespace plasm::worker {

enum class Urgency : std::uint8_t {
  kNow,    // a job waits for it
  kLater,  // it makes jobs to come faster; compiled in a process of low priority
};

struct CompileServiceSettings {
  std::filesystem::path worker_program;
  // Processes at once, of each urgency: none ever waits for the other.
  unsigned now_at_once = 1;
  unsigned later_at_once = 1;
  // cancel_fd and priority are the service's own.
  CompileLimits limits{};
};

// Thread-safe. The references must outlive it.
class CompileService {
 public:
  // The bytes of the module with this digest. Called from threads of the service; an error
  // goes to whoever asked for the artefact. Bytes of another digest are refused.
  using ReadModule = std::function<Result<Bytes>(const Sha256Digest&)>;
  // The artefact, open for reading, the callee's own; or as Compiler::Compile says, kUnavailable
  // when the service ended before it was done.
  using OnCompiled = std::function<void(Result<UniqueFd>)>;

  // An error means that this process has no descriptor left.
  static Result<std::unique_ptr<CompileService>> Start(CompileServiceSettings settings,
                                                       const ArtefactCache& cache, Clock& clock,
                                                       ReadModule read_module);

  // Kills the compile workers. Everybody who still waits is told, on this thread.
  ~CompileService();
  CompileService(const CompileService&) = delete;
  CompileService& operator=(const CompileService&) = delete;

  // Looks into the cache and otherwise compiles. `on_compiled` is called exactly once, from a
  // thread of the service, or at once when the service is about to end; no lock is held. It may
  // ask again, and may not destroy the service. Who asks for what is being made already gets the
  // same; what waits among the later ones moves to the front lane when it is asked for now.
  void Compile(const ArtefactKey& key, Urgency urgency, OnCompiled on_compiled);

 private:
  struct Order {
    Urgency urgency = Urgency::kLater;
    bool begun = false;
    std::vector<OnCompiled> waiting;
  };

  CompileService(CompileServiceSettings settings, const ArtefactCache& cache, Clock& clock,
                 ReadModule read_module, UniqueFd cancel);
  void Work(Urgency lane);
  Result<UniqueFd> Make(const ArtefactKey& key, Urgency urgency) const;

  const CompileServiceSettings settings_;
  const ArtefactCache& cache_;
  Clock& clock_;
  const ReadModule read_module_;
  const UniqueFd cancel_;  // readable once the service ends

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::map<ArtefactKey, Order> orders_;           // not yet made
  std::array<std::deque<ArtefactKey>, 2> lanes_;  // by urgency; may name orders that moved
  std::vector<std::thread> threads_;
};

}  // namespace plasm::worker
