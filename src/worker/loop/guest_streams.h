// The guest's standard streams, at the worker's end of the channel.
#pragma once

#include <deque>

#include "base/bytes.h"
#include "wasi/streams.h"
#include "worker/protocol/channel.h"
#include "worker/protocol/messages.h"

namespace plasm::worker {

// A frame that arrived while the guest waited for input, kept for after the job.
struct KeptFrame {
  FrameType type;
  Bytes payload;
};

// Lives for one job. When the supervisor goes away, the process ends: there is nobody to
// work for.
class GuestStreams final : public wasi::Streams {
 public:
  enum class Delivery { kAtOnce, kWhenConvenient };

  // The message's views must outlive it.
  GuestStreams(Channel& channel, std::deque<KeptFrame>& kept, const RunMessage& message,
               Delivery delivery)
      : channel_(channel),
        kept_(kept),
        job_(message.job),
        delivery_(delivery),
        ended_(message.input_is_whole),
        input_(message.input) {}

  std::size_t Read(std::span<std::byte> buffer) noexcept override;
  bool WaitReadable(std::uint64_t timeout_ns) noexcept override;
  void Write(wasi::OutputStream stream, ByteView bytes) noexcept override;

 private:
  void Ask(std::size_t most);
  // Receives once; ends the process when the supervisor is gone or talks nonsense.
  void ReceiveOrExit();
  // Whether the answer to Ask has come; keeps every other frame for later.
  bool TakeAnswer();

  Channel& channel_;
  std::deque<KeptFrame>& kept_;
  JobNumber job_;
  Delivery delivery_;
  bool asked_ = false;
  bool ended_;      // nothing comes after `input_`
  ByteView input_;  // not yet read
  Bytes answer_;    // holds `input_` when it was asked for
};

}  // namespace plasm::worker
