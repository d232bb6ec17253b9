// The payloads of the frames, each with its encoding and a strict decoding.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "worker/protocol/frame.h"
#include "worker/protocol/job.h"

namespace plasm::worker {

// A loaded artefact's number: chosen by the supervisor, the same for every worker.
using ProgramId = std::uint32_t;
// A job's number within one connection: chosen by the supervisor, used once.
using JobNumber = std::uint64_t;

enum class Stream : std::uint8_t { kStdout = 0, kStderr = 1 };

// How a guest ended, as far as a worker can tell. Names as in sandbox/program.h.
enum class EndStatus : std::uint8_t {
  kExited = 0,
  kTrapped = 1,
  kOutOfFuel = 2,
  kOutputLimit = 3,
  kRefused = 4,  // the module needs more at its start than the limits allow
  kFailed = 5,   // the worker's fault
};

struct LoadMessage {
  ProgramId program;
};
struct RunMessage {
  JobNumber job;
  ProgramId program;
  // The encoded job stands in `spec`, or, when has_inputs is true, in the first of two
  // descriptors that come with the frame; the second holds the contents of the input files.
  bool has_inputs = false;
  ByteView spec;
  // Whether `input` is all of the guest's standard input; otherwise the worker asks for it.
  bool input_is_whole = false;
  ByteView input{};  // empty unless it is whole
};
struct StdinMessage {
  JobNumber job;
  ByteView bytes;  // empty: end of input
};
struct CompileMessage {};
// The job is not wanted any more. One that has begun by then, or ended, is not disturbed.
struct ForgetMessage {
  JobNumber job;
};
// No job that follows needs the program.
struct UnloadMessage {
  ProgramId program;
};

// Raised with every change of a frame, of a message or of a job's encoding.
inline constexpr std::uint32_t kProtocolVersion = 3;

// The first frame of every worker. In all versions to come it begins with the version.
struct ReadyMessage {
  std::uint32_t version = kProtocolVersion;
};
struct LoadFailedMessage {
  ProgramId program;
  std::string message;
};
struct OutputMessage {
  JobNumber job;
  Stream stream;
  ByteView bytes;
};
struct StdinWantedMessage {
  JobNumber job;
  std::uint32_t most;  // bytes, at least 1
};
struct FileMessage {
  JobNumber job;
  std::uint32_t output;  // index into Job::outputs
  EntryKind kind;        // kDirectory or kFile
  std::string path;      // relative to the output; empty for the output itself
  std::uint64_t size;    // kFile: bytes that follow
};
struct FileDataMessage {
  JobNumber job;
  ByteView bytes;
};
struct EndedMessage {
  JobNumber job;
  EndStatus status;
  std::uint32_t exit_code;
  std::uint64_t fuel_used;
  std::string trap;     // stable name as in sandbox/trap.h, empty when nothing trapped
  std::string message;  // for people
};
// Comes instead of everything else that would be said of the job, when its turn has come.
struct ForgottenMessage {
  JobNumber job;
};
struct CompiledMessage {};
struct CompileFailedMessage {
  ErrorCode code;
  std::string message;
};

using ToWorker = std::variant<LoadMessage, RunMessage, StdinMessage, CompileMessage, ForgetMessage,
                              UnloadMessage>;
using FromWorker = std::variant<ReadyMessage, LoadFailedMessage, OutputMessage, StdinWantedMessage,
                                FileMessage, FileDataMessage, EndedMessage, ForgottenMessage,
                                CompiledMessage, CompileFailedMessage>;

// Appends the message as one frame. Byte views may not exceed kMaxChunkBytes.
inline constexpr std::size_t kMaxChunkBytes = std::size_t{256} << 10;
void AppendMessage(Bytes& out, const ToWorker& message);
void AppendMessage(Bytes& out, const FromWorker& message);

// kCorrupt for a frame of the other direction or a payload that is not exactly as encoded.
// Views in the result point into the frame.
Result<ToWorker> DecodeToWorker(const Frame& frame);
Result<FromWorker> DecodeFromWorker(const Frame& frame);

// For the first frame of a worker, before any other is decoded: kUnavailable for a worker of
// another build, naming both versions.
Result<void> CheckReady(const Frame& first);

}  // namespace plasm::worker
