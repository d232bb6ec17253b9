// What a guest on a node writes, on its way to the user.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "cli/terminal.h"
#include "client/job_watch.h"
#include "client/kept_streams.h"

namespace plasm::app {

enum class StreamsTo { kStandardStreams, kMemory };

// One thread at a time.
class JobStreams final : public client::JobWatcher {
 public:
  explicit JobStreams(StreamsTo to) : to_(to) {}

  void OnState(client::JobState state) override;
  // Blocks as long as the reader of the stream does.
  Result<void> OnOutput(worker::Stream stream, ByteView bytes) override;
  void OnRestart() override;

  // With kMemory.
  const Bytes& kept(worker::Stream stream) const { return kept_.of(stream); }

 private:
  StreamsTo to_;
  client::KeptStreams kept_;
  ProgressLine queue_{"waiting in the node's queue"};
};

}  // namespace plasm::app
