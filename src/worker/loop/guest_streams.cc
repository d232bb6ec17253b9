#include "worker/loop/guest_streams.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>

namespace plasm::worker {
namespace {

constexpr std::size_t kFlushBytes = std::size_t{128} << 10;
constexpr std::size_t kMaxAsk = kMaxChunkBytes;
constexpr int kExitSupervisorGone = 3;

}  // namespace

void GuestStreams::Ask(std::size_t most) {
  const auto bytes = static_cast<std::uint32_t>(std::clamp<std::size_t>(most, 1, kMaxAsk));
  AppendMessage(channel_.outgoing(), FromWorker(StdinWantedMessage{job_, bytes}));
  asked_ = true;
  const auto flushed = channel_.Flush(Blocking::kWait);
  if (!flushed || *flushed == IoStatus::kClosed) _exit(kExitSupervisorGone);
}

void GuestStreams::ReceiveOrExit() {
  const auto received = channel_.Receive(Blocking::kWait);
  if (!received || *received == IoStatus::kClosed) _exit(kExitSupervisorGone);
}

bool GuestStreams::TakeAnswer() {
  while (true) {
    const auto frame = channel_.NextFrame();
    if (!frame) _exit(kExitSupervisorGone);
    if (!*frame) return false;
    if ((*frame)->type != FrameType::kStdin) {
      const ByteView payload = (*frame)->payload;
      kept_.push_back({(*frame)->type, Bytes(payload.begin(), payload.end())});
      continue;
    }
    const auto message = DecodeToWorker(**frame);
    if (!message) _exit(kExitSupervisorGone);
    const auto& answer = std::get<StdinMessage>(*message);
    if (answer.job != job_) continue;  // for a guest that has ended meanwhile
    answer_.assign(answer.bytes.begin(), answer.bytes.end());
    input_ = answer_;
    asked_ = false;
    ended_ = answer.bytes.empty();
    return true;
  }
}

std::size_t GuestStreams::Read(std::span<std::byte> buffer) noexcept {
  if (buffer.empty()) return 0;
  if (input_.empty() && !ended_) {
    if (!asked_) Ask(buffer.size());
    while (!TakeAnswer()) ReceiveOrExit();
  }
  const std::size_t count = std::min(buffer.size(), input_.size());
  std::ranges::copy(input_.first(count), buffer.begin());
  input_ = input_.subspan(count);
  return count;
}

bool GuestStreams::WaitReadable(std::uint64_t timeout_ns) noexcept {
  if (!input_.empty() || ended_) return true;
  if (!asked_) Ask(kMaxAsk);
  if (TakeAnswer()) return true;
  pollfd waiting{channel_.fd(), POLLIN, 0};
  const auto milliseconds =
      static_cast<int>(std::min<std::uint64_t>((timeout_ns + 999'999) / 1'000'000, 1u << 30));
  if (poll(&waiting, 1, milliseconds) <= 0) return false;
  ReceiveOrExit();
  return TakeAnswer();
}

void GuestStreams::Write(wasi::OutputStream stream, ByteView bytes) noexcept {
  const Stream target = stream == wasi::OutputStream::kStderr ? Stream::kStderr : Stream::kStdout;
  while (!bytes.empty()) {
    const ByteView chunk = bytes.first(std::min(bytes.size(), kMaxChunkBytes));
    AppendMessage(channel_.outgoing(), FromWorker(OutputMessage{job_, target, chunk}));
    bytes = bytes.subspan(chunk.size());
    if (delivery_ == Delivery::kAtOnce || channel_.outgoing().size() >= kFlushBytes) {
      const auto flushed = channel_.Flush(Blocking::kWait);
      if (!flushed || *flushed == IoStatus::kClosed) _exit(kExitSupervisorGone);
    }
  }
}

}  // namespace plasm::worker
