// Frames between supervisor and worker: a length, a type, a payload. Whoever reads treats
// the other side as hostile.
//
//   u32 payload length (little-endian) · u8 type · u8[3] zero · payload
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"

namespace plasm::worker {

enum class FrameType : std::uint8_t {
  // To the worker.
  kLoad = 1,     // with a descriptor: the artefact
  kRun = 2,      // with two descriptors when the job has inputs: specification, contents
  kStdin = 3,    // answers kStdinWanted
  kCompile = 4,  // with two descriptors: the module, and the file to write the artefact to
  kForget = 5,   // a job that has not begun is not to be run; answered by kForgotten
  kUnload = 6,
  // From the worker.
  kReady = 64,  // set up and confined
  kLoadFailed = 65,
  kOutput = 66,
  kStdinWanted = 67,
  kFile = 68,      // one entry of an output: a folder, or a file and its size
  kFileData = 69,  // the next bytes of the last kFile
  kEnded = 70,
  kCompiled = 71,
  kCompileFailed = 72,
  kForgotten = 73,
};

inline constexpr std::size_t kFrameHeaderBytes = 8;
inline constexpr std::size_t kMaxPayloadBytes = std::size_t{1} << 20;

struct Frame {
  FrameType type;
  ByteView payload;  // into the reader's buffer: valid until its next Append
};

// Appends one frame to `out`. The payload has at most kMaxPayloadBytes.
void AppendFrame(Bytes& out, FrameType type, ByteView payload);

// The same for a payload that is appended to `out` between the two calls; the second takes
// what the first returned.
std::size_t BeginFrame(Bytes& out);
void EndFrame(Bytes& out, std::size_t begin, FrameType type);

// Cuts a byte stream into frames. Not thread-safe.
class FrameReader {
 public:
  void Append(ByteView bytes);

  // The next whole frame, nothing when more bytes are needed, or kCorrupt for a header that
  // no honest peer sends; after that the stream is unusable.
  Result<std::optional<Frame>> Next();

  std::size_t buffered_bytes() const { return buffer_.size() - consumed_; }

 private:
  Bytes buffer_;
  std::size_t consumed_ = 0;
};

}  // namespace plasm::worker
