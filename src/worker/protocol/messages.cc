#include "worker/protocol/messages.h"

#include "worker/protocol/wire.h"

namespace plasm::worker {
namespace {

constexpr std::size_t kMaxTextBytes = 4096;

void PutText(WireWriter& out, std::string_view text) {
  out.PutString(text.substr(0, kMaxTextBytes));
}

std::string TakeText(WireReader& in) {
  std::string text = in.TakeString();
  if (text.size() > kMaxTextBytes) in.Fail();
  return text;
}

ByteView TakeChunk(WireReader& in) {
  const ByteView chunk = in.TakeRest();
  if (chunk.size() > kMaxChunkBytes) in.Fail();
  return chunk;
}

// An enumerator out of [0, last].
template <class E>
E TakeEnum(WireReader& in, E last) {
  const auto raw = in.Take<std::uint8_t>();
  if (raw > static_cast<std::uint8_t>(last)) in.Fail();
  return static_cast<E>(raw);
}

struct Encoder {
  WireWriter out;

  FrameType operator()(const LoadMessage& m) {
    out.Put(m.program);
    return FrameType::kLoad;
  }
  FrameType operator()(const RunMessage& m) {
    out.Put(m.job);
    out.Put(m.program);
    out.Put(static_cast<std::uint8_t>(m.has_inputs));
    out.Put(static_cast<std::uint8_t>(m.input_is_whole));
    out.Put(static_cast<std::uint32_t>(m.input.size()));
    out.PutRaw(m.input);
    out.PutRaw(m.spec);
    return FrameType::kRun;
  }
  FrameType operator()(const StdinMessage& m) {
    out.Put(m.job);
    out.PutRaw(m.bytes);
    return FrameType::kStdin;
  }
  FrameType operator()(const CompileMessage&) { return FrameType::kCompile; }
  FrameType operator()(const ForgetMessage& m) {
    out.Put(m.job);
    return FrameType::kForget;
  }
  FrameType operator()(const UnloadMessage& m) {
    out.Put(m.program);
    return FrameType::kUnload;
  }

  FrameType operator()(const ReadyMessage& m) {
    out.Put(m.version);
    return FrameType::kReady;
  }
  FrameType operator()(const LoadFailedMessage& m) {
    out.Put(m.program);
    PutText(out, m.message);
    return FrameType::kLoadFailed;
  }
  FrameType operator()(const OutputMessage& m) {
    out.Put(m.job);
    out.Put(static_cast<std::uint8_t>(m.stream));
    out.PutRaw(m.bytes);
    return FrameType::kOutput;
  }
  FrameType operator()(const StdinWantedMessage& m) {
    out.Put(m.job);
    out.Put(m.most);
    return FrameType::kStdinWanted;
  }
  FrameType operator()(const FileMessage& m) {
    out.Put(m.job);
    out.Put(m.output);
    out.Put(static_cast<std::uint8_t>(m.kind));
    out.PutString(m.path);
    out.Put(m.size);
    return FrameType::kFile;
  }
  FrameType operator()(const FileDataMessage& m) {
    out.Put(m.job);
    out.PutRaw(m.bytes);
    return FrameType::kFileData;
  }
  FrameType operator()(const EndedMessage& m) {
    out.Put(m.job);
    out.Put(static_cast<std::uint8_t>(m.status));
    out.Put(m.exit_code);
    out.Put(m.fuel_used);
    PutText(out, m.trap);
    PutText(out, m.message);
    return FrameType::kEnded;
  }
  FrameType operator()(const ForgottenMessage& m) {
    out.Put(m.job);
    return FrameType::kForgotten;
  }
  FrameType operator()(const CompiledMessage&) { return FrameType::kCompiled; }
  FrameType operator()(const CompileFailedMessage& m) {
    out.Put(static_cast<std::uint8_t>(m.code));
    PutText(out, m.message);
    return FrameType::kCompileFailed;
  }
};

template <class Message>
void Append(Bytes& out, const Message& message) {
  const std::size_t begin = BeginFrame(out);
  EndFrame(out, begin, std::visit(Encoder{WireWriter(out)}, message));
}

RunMessage TakeRun(WireReader& in) {
  RunMessage m{};
  m.job = in.Take<JobNumber>();
  m.program = in.Take<ProgramId>();
  const auto has_inputs = in.Take<std::uint8_t>();
  const auto input_is_whole = in.Take<std::uint8_t>();
  if (has_inputs > 1 || input_is_whole > 1) in.Fail();
  m.has_inputs = has_inputs == 1;
  m.input_is_whole = input_is_whole == 1;
  m.input = in.TakeRaw(in.Take<std::uint32_t>());
  m.spec = in.TakeRest();
  if (m.has_inputs && !m.spec.empty()) in.Fail();
  if (!m.input_is_whole && !m.input.empty()) in.Fail();
  return m;
}

FileMessage TakeFile(WireReader& in) {
  FileMessage m{};
  m.job = in.Take<JobNumber>();
  m.output = in.Take<std::uint32_t>();
  m.kind = TakeEnum(in, EntryKind::kFile);
  m.path = TakeText(in);
  m.size = in.Take<std::uint64_t>();
  if (m.kind == EntryKind::kDirectory && m.size != 0) in.Fail();
  return m;
}

EndedMessage TakeEnded(WireReader& in) {
  EndedMessage m{};
  m.job = in.Take<JobNumber>();
  m.status = TakeEnum(in, EndStatus::kFailed);
  m.exit_code = in.Take<std::uint32_t>();
  m.fuel_used = in.Take<std::uint64_t>();
  m.trap = TakeText(in);
  m.message = TakeText(in);
  return m;
}

template <class Message>
Result<Message> Finish(const WireReader& in, Message message) {
  if (in.Finished()) return message;
  return Error{ErrorCode::kCorrupt, "frame payload is not as its type demands"};
}

}  // namespace

void AppendMessage(Bytes& out, const ToWorker& message) { Append(out, message); }
void AppendMessage(Bytes& out, const FromWorker& message) { Append(out, message); }

// Braced initialisers evaluate left to right: fields are taken in the order of the wire.
Result<ToWorker> DecodeToWorker(const Frame& frame) {
  WireReader in(frame.payload);
  ToWorker message;
  switch (frame.type) {
    case FrameType::kLoad:
      message = LoadMessage{in.Take<ProgramId>()};
      break;
    case FrameType::kRun:
      message = TakeRun(in);
      break;
    case FrameType::kStdin:
      message = StdinMessage{in.Take<JobNumber>(), TakeChunk(in)};
      break;
    case FrameType::kCompile:
      message = CompileMessage{};
      break;
    case FrameType::kForget:
      message = ForgetMessage{in.Take<JobNumber>()};
      break;
    case FrameType::kUnload:
      message = UnloadMessage{in.Take<ProgramId>()};
      break;
    default:
      return Error{ErrorCode::kCorrupt, "frame of the wrong direction"};
  }
  return Finish(in, std::move(message));
}

Result<FromWorker> DecodeFromWorker(const Frame& frame) {
  WireReader in(frame.payload);
  FromWorker message;
  switch (frame.type) {
    case FrameType::kReady:
      message = ReadyMessage{in.Take<std::uint32_t>()};
      break;
    case FrameType::kLoadFailed:
      message = LoadFailedMessage{in.Take<ProgramId>(), TakeText(in)};
      break;
    case FrameType::kOutput: {
      const auto job = in.Take<JobNumber>();
      const auto stream = TakeEnum(in, Stream::kStderr);
      message = OutputMessage{job, stream, TakeChunk(in)};
      break;
    }
    case FrameType::kStdinWanted: {
      const StdinWantedMessage wanted{in.Take<JobNumber>(), in.Take<std::uint32_t>()};
      if (wanted.most == 0) in.Fail();
      message = wanted;
      break;
    }
    case FrameType::kFile:
      message = TakeFile(in);
      break;
    case FrameType::kFileData:
      message = FileDataMessage{in.Take<JobNumber>(), TakeChunk(in)};
      break;
    case FrameType::kEnded:
      message = TakeEnded(in);
      break;
    case FrameType::kForgotten:
      message = ForgottenMessage{in.Take<JobNumber>()};
      break;
    case FrameType::kCompiled:
      message = CompiledMessage{};
      break;
    case FrameType::kCompileFailed:
      message = CompileFailedMessage{TakeEnum(in, ErrorCode::kInternal), TakeText(in)};
      break;
    default:
      return Error{ErrorCode::kCorrupt, "frame of the wrong direction"};
  }
  return Finish(in, std::move(message));
}

Result<void> CheckReady(const Frame& first) {
  if (first.type != FrameType::kReady) {
    return Error{ErrorCode::kCorrupt, "worker broke the protocol: spoke before it was ready"};
  }
  WireReader in(first.payload);
  const auto version = in.Take<std::uint32_t>();  // zero when there is none
  if (version == kProtocolVersion && in.Finished()) return {};
  return Error{ErrorCode::kUnavailable,
               "plasm-worker is of another build than this program: it speaks version " +
                   std::to_string(version) + " of their protocol, expected " +
                   std::to_string(kProtocolVersion) + "; install both from one build"};
}

}  // namespace plasm::worker
