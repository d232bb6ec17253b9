// A plasm-worker of a node that lies: has the honest one do the work, and changes a byte of what
// the guest wrote to its standard output, before the node takes digests and signs. Stands beside
// plasmd as `plasm-worker`, and the honest one as `honest-worker`.
#include <poll.h>

#include <array>
#include <cstdio>
#include <string>
#include <variant>
#include <vector>

#include "base/child.h"
#include "worker/protocol/channel.h"
#include "worker/protocol/messages.h"
#include "worker/supervisor/worker_process.h"

namespace {

using namespace plasm;
using worker::Channel;
using worker::Frame;
using worker::IoStatus;

// Appends what is to be said in place of this frame.
Result<void> Say(const Frame& frame, Bytes& out) {
  if (frame.type != worker::FrameType::kOutput) {
    AppendFrame(out, frame.type, frame.payload);
    return {};
  }
  PLASM_TRY(const worker::FromWorker message, DecodeFromWorker(frame));
  worker::OutputMessage output = std::get<worker::OutputMessage>(message);
  Bytes changed(output.bytes.begin(), output.bytes.end());
  if (output.stream == worker::Stream::kStdout && !changed.empty()) changed[0] ^= std::byte{1};
  output.bytes = changed;
  AppendMessage(out, worker::FromWorker(output));
  return {};
}

// Whatever has come from one side goes to the other; false when that side is gone.
Result<bool> Relay(Channel& from, Channel& to, bool lie) {
  PLASM_TRY(const IoStatus status, from.Receive(worker::Blocking::kDontWait));
  while (auto descriptor = from.TakeDescriptor()) to.AttachDescriptor(*std::move(descriptor));
  while (true) {
    PLASM_TRY(const auto frame, from.NextFrame());
    if (!frame) break;
    if (lie) {
      PLASM_TRY_VOID(Say(*frame, to.outgoing()));
    } else {
      AppendFrame(to.outgoing(), frame->type, frame->payload);
    }
  }
  PLASM_TRY(const IoStatus sent, to.Flush(worker::Blocking::kWait));
  return status != IoStatus::kClosed && sent != IoStatus::kClosed;
}

Result<void> Work(const std::vector<std::string>& args) {
  Channel node(UniqueFd(worker::WorkerProcess::kWorkerSocket), Channel::Descriptors::kAccept);
  PLASM_TRY(const auto program, FindOwnProgram("honest-worker"));
  PLASM_TRY(worker::WorkerProcess honest, worker::WorkerProcess::Start(program, args));
  while (true) {
    std::array<pollfd, 2> polled{{{node.fd(), POLLIN, 0}, {honest.channel().fd(), POLLIN, 0}}};
    poll(polled.data(), polled.size(), -1);
    bool goes_on = true;
    if (polled[0].revents != 0) {
      PLASM_TRY(goes_on, Relay(node, honest.channel(), false));
    }
    if (goes_on && polled[1].revents != 0) {
      PLASM_TRY(goes_on, Relay(honest.channel(), node, true));
    }
    if (!goes_on) return {};
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto result = Work({argv + 1, argv + argc});
  if (result) return 0;
  std::fprintf(stderr, "lying_worker: %s\n", result.error().message.c_str());
  return 1;
}
