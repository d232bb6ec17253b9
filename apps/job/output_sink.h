// Who gets what a guest writes.
#pragma once

#include "base/bytes.h"
#include "worker/protocol/messages.h"

namespace plasm::app {

struct OutputSink {
  virtual ~OutputSink() = default;
  virtual void OnOutput(worker::Stream stream, ByteView bytes) = 0;
  // As in worker::JobEvents.
  virtual int BlockedOn() const { return -1; }
  virtual void OnWritable() {}
};

// Keeps it.
struct CapturedOutput final : OutputSink {
  void OnOutput(worker::Stream stream, ByteView bytes) override {
    Bytes& target = stream == worker::Stream::kStdout ? out : err;
    target.insert(target.end(), bytes.begin(), bytes.end());
  }
  Bytes out;
  Bytes err;
};

}  // namespace plasm::app
