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
  const auto index = static_cast<std::size_t>(stream);
  if (to_ == StreamsTo::kMemory) {
    kept_[index].insert(kept_[index].end(), bytes.begin(), bytes.end());
    return {};
  }
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
