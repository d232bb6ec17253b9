// The compiled modules that the executor holds, and those that are on their way.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>

#include "base/result.h"
#include "base/sha256.h"
#include "base/unique_fd.h"
#include "jobs/mailbox.h"
#include "worker/supervisor/artefact_cache.h"
#include "worker/supervisor/attempts.h"
#include "worker/supervisor/compile_service.h"
#include "worker/supervisor/executor.h"

namespace plasm::jobs {

class ProgramsOwner {
 public:
  virtual ~ProgramsOwner() = default;
  // What Acquire had not can be had now; or, with an error, why not: kInvalid says what is wrong
  // with the module, everything else is this node's fault.
  virtual void OnCompiled(const Sha256Digest& module, worker::Tier tier,
                          const Result<void>& outcome) = 0;
};

struct Program {
  worker::ProgramId id = 0;
  worker::Tier tier = worker::Tier::kFull;
};

// Whether a module that has been made ready may have to go for others.
enum class Keep { kWhileUsed, kAlways };

// Told of a module that was to be made ready: whether it is.
using WhenWarm = std::function<void(const Sha256Digest& module, const Result<void>& outcome)>;

// A module is first compiled quickly, and then, while jobs run, well. The runner's thread's. The
// references must outlive it, and it the compile service's work.
class Programs {
 public:
  static constexpr std::size_t kMost = 256;  // modules held; more while all of them are in use

  Programs(worker::Executor& executor, worker::CompileService& compiler,
           const worker::ArtefactCache& cache, Mailbox& mailbox, ProgramsOwner& owner)
      : executor_(executor), compiler_(compiler), cache_(cache), mailbox_(mailbox), owner_(owner) {}

  // The module's program, in use until Release; nothing while it is being compiled, of which the
  // owner hears. With kFull the quick tier will not do.
  std::optional<Program> Acquire(const Sha256Digest& module, worker::TierChoice choice);
  void Release(const Sha256Digest& module);

  // Has the module compiled well, when nothing more urgent is to be done; the owner hears of it,
  // also when it was ready. With kAlways it stays, as if it were in use.
  void Warm(const Sha256Digest& module, Keep keep);

  // The artefact did not load: it is made again when it is asked for.
  void Drop(const Sha256Digest& module, worker::Tier tier);

 private:
  struct Form {
    std::optional<worker::ProgramId> program;
    std::optional<worker::Urgency> ordered;
  };
  struct Entry {
    std::array<Form, 2> forms;  // by tier
    std::uint32_t in_use = 0;
    bool stays = false;
    std::list<Sha256Digest>::iterator place;  // in recent_

    Form& form(worker::Tier tier) { return forms[static_cast<std::size_t>(tier)]; }
    bool IsIdle() const;
  };

  Entry& Touch(const Sha256Digest& module);
  void Order(const Sha256Digest& module, worker::Tier tier, worker::Urgency urgency);
  void Take(const Sha256Digest& module, worker::Tier tier, Result<UniqueFd> artefact);
  // Whether the executor has it, which also has to let some go.
  bool IsHeld(Form& form) const;
  void RemoveFromExecutor(Form& form);
  void Evict();

  worker::Executor& executor_;
  worker::CompileService& compiler_;
  const worker::ArtefactCache& cache_;
  Mailbox& mailbox_;
  ProgramsOwner& owner_;
  std::map<Sha256Digest, Entry> entries_;
  std::list<Sha256Digest> recent_;  // the least recently used first
};

}  // namespace plasm::jobs
