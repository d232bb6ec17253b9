// The frame protocol, read as a supervisor and as a worker reads it: a stream of frames, cut
// at any point, of which each payload is decoded in both directions. What decodes is encoded
// again to the same bytes. The first byte says how large the pieces are.
#include <algorithm>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "expect.h"
#include "worker/protocol/frame.h"
#include "worker/protocol/job.h"
#include "worker/protocol/messages.h"

namespace plasm::worker {
namespace {

void CheckJob(ByteView bytes) {
  const auto job = DecodeJob(bytes);
  if (!job) return;
  const Bytes again = EncodeJob(*job);
  FUZZ_EXPECT(std::ranges::equal(again, bytes));
}

template <class Message>
void CheckEncoding(const Message& message, const Frame& frame) {
  Bytes again;
  AppendMessage(again, message);
  FUZZ_EXPECT(again.size() == kFrameHeaderBytes + frame.payload.size());
  FUZZ_EXPECT(again[4] == static_cast<std::byte>(frame.type));
  FUZZ_EXPECT(std::ranges::equal(ByteView(again).subspan(kFrameHeaderBytes), frame.payload));
}

void CheckFrame(const Frame& frame) {
  FUZZ_EXPECT(frame.payload.size() <= kMaxPayloadBytes);
  const auto to_worker = DecodeToWorker(frame);
  const auto from_worker = DecodeFromWorker(frame);
  FUZZ_EXPECT(!to_worker || !from_worker);
  if (to_worker) {
    CheckEncoding(*to_worker, frame);
    if (const auto* run = std::get_if<RunMessage>(&*to_worker)) CheckJob(run->spec);
  } else {
    FUZZ_EXPECT(to_worker.error().code == ErrorCode::kCorrupt);
  }
  if (from_worker) {
    CheckEncoding(*from_worker, frame);
  } else {
    FUZZ_EXPECT(from_worker.error().code == ErrorCode::kCorrupt);
  }
}

void CheckStream(ByteView stream, std::size_t piece) {
  FrameReader reader;
  std::size_t read = 0;
  while (!stream.empty()) {
    const ByteView bytes = stream.first(std::min(piece, stream.size()));
    stream = stream.subspan(bytes.size());
    reader.Append(bytes);
    read += bytes.size();
    while (true) {
      const auto frame = reader.Next();
      if (!frame) return;
      if (!*frame) break;
      CheckFrame(**frame);
    }
    FUZZ_EXPECT(reader.buffered_bytes() <= read);
    FUZZ_EXPECT(reader.buffered_bytes() < kFrameHeaderBytes + kMaxPayloadBytes + piece);
  }
}

}  // namespace
}  // namespace plasm::worker

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  if (size == 0) return 0;
  const ByteView bytes = std::as_bytes(std::span(data, size));
  worker::CheckStream(bytes.subspan(1), std::max<std::size_t>(data[0], 1));
  worker::CheckJob(bytes.subspan(1));
  return 0;
}
