// A run worker's whole life: load artefacts, run jobs one after the other, send back what
// they write.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "sandbox/engine.h"
#include "sandbox/program.h"
#include "wasi/host.h"
#include "worker/loop/guest_streams.h"
#include "worker/protocol/channel.h"
#include "worker/protocol/messages.h"

namespace plasm::worker {

// The references must outlive it.
class RunLoop {
 public:
  // `pool` runs modules from prepared slots; `settings` makes a second engine for those that
  // do not fit into a slot.
  RunLoop(Channel& channel, const sandbox::Engine& pool, sandbox::EngineSettings settings,
          Clock& clock, Entropy& entropy)
      : channel_(channel), pool_(pool), settings_(settings), clock_(clock), entropy_(entropy) {}

  // Returns when the supervisor closes the channel; an error when it talks nonsense.
  Result<void> Run();

 private:
  Result<bool> HandleNext();
  Result<void> Handle(const Frame& frame);
  // Between two jobs, when the last time is a while ago: says what has happened since, and
  // takes in what has arrived, to learn of jobs that are not to be begun.
  Result<IoStatus> LookUp();
  bool TakenBack(JobNumber job) const;
  Result<void> Load(const LoadMessage& message);
  Result<sandbox::Program> LoadProgram(UniqueFd artefact);
  Result<void> RunJob(const RunMessage& message);
  Result<void> SendOutputs(JobNumber number, const Job& job, wasi::Host& host);

  Channel& channel_;
  const sandbox::Engine& pool_;
  sandbox::EngineSettings settings_;
  Clock& clock_;
  Entropy& entropy_;
  std::optional<sandbox::Engine> on_demand_;
  std::map<ProgramId, sandbox::Program> programs_;
  std::deque<KeptFrame> kept_;
  std::uint64_t looked_up_ns_ = 0;
};

}  // namespace plasm::worker
