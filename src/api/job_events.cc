#include "api/job_events.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <utility>

#include "api/bell.h"
#include "api/job_json.h"
#include "base/quote.h"
#include "base/system_error.h"
#include "net/event_stream.h"
#include "receipt/manifest_v1.h"

namespace plasm::api {
namespace {

constexpr std::chrono::seconds kHeartbeat(3);
constexpr std::chrono::seconds kLookForDrain(1);
constexpr std::size_t kPieceBytes = 32 << 10;

Error NoSuchJob(std::string_view id) {
  return {ErrorCode::kNotFound, "there is no job " + Quote(id)};
}

Result<std::optional<EventPosition>> LastEventId(const Call& call) {
  PLASM_TRY(const auto header, call.request().Header("Last-Event-ID"));
  if (!header) return std::optional<EventPosition>();
  PLASM_TRY(const EventPosition position, EventPosition::Parse(*header));
  return std::optional(position);
}

// A piece of the output of a job that has ended.
Result<Bytes> ReadPiece(const store::StreamRecord& output, const BlobStore& blobs,
                        std::uint64_t offset) {
  const auto size =
      static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, output.bytes - offset));
  Bytes piece(size);
  if (output.contents) {
    const auto begin = output.contents->begin() + static_cast<std::ptrdiff_t>(offset);
    std::copy_n(begin, size, piece.begin());
    return piece;
  }
  PLASM_TRY(const UniqueFd file, blobs.Find(output.digest));
  const ssize_t count = pread(file.get(), piece.data(), size, static_cast<off_t>(offset));
  if (count < 0) return SystemError(errno, "blob " + output.digest.ToHex());
  if (count == 0) {
    return Error{ErrorCode::kCorrupt, "blob " + output.digest.ToHex() + ": shorter than it was"};
  }
  piece.resize(static_cast<std::size_t>(count));
  return piece;
}

}  // namespace

Resumption ResumptionAfterEnd(const EventPosition& reader, const store::JobRecord& ended) {
  if (reader.stdout_bytes > ended.results.standard_output.bytes ||
      reader.stderr_bytes > ended.results.standard_error.bytes) {
    return Resumption::kStartsOver;
  }
  if (ended.summary.attempts <= 1) return Resumption::kGoesOn;
  // A job that was begun again has written the same, unless its profile lets it do otherwise.
  const auto manifest = receipt::ParseManifest(ended.manifest);
  const bool same = manifest && manifest->profile == receipt::Profile::kDet1;
  return same ? Resumption::kGoesOn : Resumption::kStartsOver;
}

// The response, and how far its reader has come.
class JobEvents::Stream {
 public:
  Stream(net::Exchange& exchange, std::optional<EventPosition> position)
      : exchange_(exchange),
        resumed_(position.has_value()),
        at_(position.value_or(EventPosition{})) {}

  const EventPosition& at() const { return at_; }
  bool resumed() const { return resumed_; }

  Result<void> Send(std::string_view event, std::string data) {
    return exchange_.Write(AsBytes(net::FormatServerEvent(
        {.event = std::string(event), .data = std::move(data), .id = at_.ToText()})));
  }
  Result<void> SendHeartbeat() { return exchange_.Write(AsBytes(":\n\n")); }

  Result<void> SendState(store::JobState state) {
    if (state_ == state) return {};
    state_ = state;
    return Send("state", StateEventJson(state));
  }

  // Output begins again, as that of this run.
  Result<void> StartOver(std::uint32_t run) {
    at_ = {.attempt = run};
    return Send("restart", "{}");
  }
  void SetRun(std::uint32_t run) { at_.attempt = run; }

  std::uint64_t& Offset(worker::Stream stream) {
    return stream == worker::Stream::kStdout ? at_.stdout_bytes : at_.stderr_bytes;
  }
  Result<void> SendOutput(worker::Stream stream, ByteView bytes) {
    std::uint64_t& offset = Offset(stream);
    const std::uint64_t begin = offset;
    offset += bytes.size();
    return Send(stream == worker::Stream::kStdout ? "stdout" : "stderr",
                OutputEventJson(begin, bytes));
  }

 private:
  net::Exchange& exchange_;
  bool resumed_;
  EventPosition at_;
  std::optional<store::JobState> state_;
};

void JobEvents::Watch(Call& call) {
  const std::string id(call.parameter());
  const auto none = ExpectNoParameters(call.request().query());
  if (!none) return call.Fail(none.error());
  const auto position = LastEventId(call);
  if (!position) return call.Fail(position.error());
  if (!IsJobId(id)) return call.Fail(NoSuchJob(id));
  // Before the job is looked for: one that ends in between is found ended.
  const std::shared_ptr<jobs::LiveJob> live = service_.Live(call.client(), id);
  if (!live) {
    const auto summary = service_.FindSummary(call.client(), id);
    if (!summary) return call.Fail(summary.error());
    if (!*summary) return call.Fail(NoSuchJob(id));
  }

  constexpr std::string_view kType = "text/event-stream";
  if (call.method() == "HEAD") return call.RespondEmpty(200, {{"Content-Type", kType}});
  net::Exchange& exchange = call.exchange();
  call.NoteStatus(200);
  const auto begun =
      exchange.BeginStream(200, {{"Content-Type", kType}, {"Cache-Control", "no-store"}});
  if (!begun) return;
  Stream stream(exchange, *position);
  if (live && !Follow(stream, exchange, *live)) return;
  const bool from_before = !live && position->has_value();
  const auto record = service_.Find(call.client(), id);
  // Not there any more, or not to be read: the reader comes again and is told.
  if (!record || !*record || !(*record)->summary.end) return void(exchange.Finish());
  if (from_before && ResumptionAfterEnd(stream.at(), **record) == Resumption::kStartsOver &&
      !stream.StartOver(stream.at().attempt + 1)) {
    return;
  }
  if (SendEnd(stream, **record)) (void)exchange.Finish();
}

// Until the job has ended and all that it wrote has been sent, or the server is about to stop. An
// error: the reader is gone.
Result<void> JobEvents::Follow(Stream& stream, net::Exchange& exchange, jobs::LiveJob& live) {
  const auto bell = std::make_shared<Bell>();
  const auto watching = live.Watch([bell] { bell->Ring(); });
  auto quiet = std::chrono::seconds(0);
  bool first = true;
  while (true) {
    const jobs::LiveView view = live.view();
    const bool known_run = first && !stream.resumed();
    if (known_run) {
      stream.SetRun(view.run);
    } else if (stream.at().attempt != view.run) {
      PLASM_TRY_VOID(stream.StartOver(view.run));
    }
    first = false;
    // What a job has ended in comes with its end.
    if (!store::IsEnded(view.state)) PLASM_TRY_VOID(stream.SendState(view.state));
    bool sent = false;
    for (const worker::Stream which : {worker::Stream::kStdout, worker::Stream::kStderr}) {
      PLASM_TRY(const Bytes bytes, live.Read(view.run, which, stream.Offset(which), kPieceBytes));
      if (bytes.empty()) continue;
      PLASM_TRY_VOID(stream.SendOutput(which, bytes));
      sent = true;
    }
    if (sent) {
      quiet = std::chrono::seconds(0);
      continue;
    }
    if (store::IsEnded(view.state)) return {};
    if (exchange.ClientGone() || exchange.Draining()) {
      return Error{ErrorCode::kUnavailable, "the reader is gone, or the server stops"};
    }
    if (bell->Wait(exchange, kLookForDrain)) continue;
    quiet += kLookForDrain;
    if (quiet < kHeartbeat) continue;
    quiet = std::chrono::seconds(0);
    PLASM_TRY_VOID(stream.SendHeartbeat());
  }
}

Result<void> JobEvents::SendEnd(Stream& stream, const store::JobRecord& record) {
  for (const worker::Stream which : {worker::Stream::kStdout, worker::Stream::kStderr}) {
    const store::StreamRecord& output = which == worker::Stream::kStdout
                                            ? record.results.standard_output
                                            : record.results.standard_error;
    while (stream.Offset(which) < output.bytes) {
      PLASM_TRY(const Bytes piece, ReadPiece(output, blobs_, stream.Offset(which)));
      PLASM_TRY_VOID(stream.SendOutput(which, piece));
    }
  }
  PLASM_TRY_VOID(stream.SendState(record.summary.state));
  return stream.Send("end", JobJson(record.summary, {.results = &record.results}));
}

}  // namespace plasm::api
