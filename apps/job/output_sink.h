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

}  // namespace plasm::app
