// What a node tells of a job on the way (spec/openapi.yaml, watchJob). Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "client/job_document.h"
#include "net/event_stream.h"
#include "worker/protocol/messages.h"

namespace plasm::client {

struct StateEvent {
  JobState state = JobState::kQueued;
};
struct OutputEvent {
  worker::Stream stream = worker::Stream::kStdout;
  std::uint64_t offset = 0;  // of the first byte, since the start of this attempt
  Bytes bytes{};
};
struct RestartEvent {};  // the node runs the job again: its output begins again
struct EndEvent {
  JobDocument job;
};
using JobEvent = std::variant<StateEvent, OutputEvent, RestartEvent, EndEvent>;

// Nothing for a kind of event that this version does not know. kCorrupt, naming the member.
Result<std::optional<JobEvent>> ReadJobEvent(const net::ServerEvent& event);

// Makes one output out of events that may come again: after a cut connection, and when the node
// runs a job again. Each byte is given once, in order. A job that is run again may say something
// else; the receipt's digests show it.
class OutputProgress {
 public:
  // The part of the event's bytes that is new. kCorrupt when bytes before it are missing.
  Result<ByteView> New(const OutputEvent& event);

  // How far it has come.
  std::uint64_t bytes(worker::Stream stream) const {
    return bytes_[static_cast<std::size_t>(stream)];
  }

 private:
  std::array<std::uint64_t, 2> bytes_{};
};

}  // namespace plasm::client
