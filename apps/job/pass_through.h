// A guest's standard streams as this process's own.
#pragma once

#include <unistd.h>

#include "job/live_output.h"
#include "job/output_sink.h"

namespace plasm::app {

class PassThrough final : public OutputSink {
 public:
  void OnOutput(worker::Stream stream, ByteView bytes) override {
    (stream == worker::Stream::kStdout ? out_ : err_).Write(bytes);
  }
  int BlockedOn() const override {
    return out_.BlockedOn() >= 0 ? out_.BlockedOn() : err_.BlockedOn();
  }
  void OnWritable() override { (out_.BlockedOn() >= 0 ? out_ : err_).Continue(); }

  // Whether some of it was lost.
  bool failed() const { return out_.failed() || err_.failed(); }

 private:
  LiveOutput out_{STDOUT_FILENO};
  LiveOutput err_{STDERR_FILENO};
};

}  // namespace plasm::app
