#include "job_streams.h"

#include <unistd.h>

#include "base/file.h"
#include "verbs.h"

namespace plasm::app {

void JobStreams::OnState(client::JobState state) {
  if (state == client::JobState::kQueued) {
    queue_.Show();
  } else {
    queue_.Clear();
  }
}

Result<void> JobStreams::OnOutput(worker::Stream stream, ByteView bytes) {
  if (to_ == StreamsTo::kMemory) return kept_.OnOutput(stream, bytes);
  queue_.Clear();
  const bool out = stream == worker::Stream::kStdout;
  return WriteAll(out ? STDOUT_FILENO : STDERR_FILENO, bytes,
                  out ? "standard output" : "standard error");
}

void JobStreams::OnRestart() {
  queue_.Clear();
  PrintError("the node runs the job again from its start, after a fault of its own");
}

}  // namespace plasm::app
