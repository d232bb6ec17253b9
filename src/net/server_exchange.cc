#include "net/server_exchange.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/quote.h"
#include "base/system_error.h"
#include "net/problem.h"
#include "net/response_text.h"

namespace plasm::net {
namespace {

constexpr std::size_t kFileBytes = 64 << 10;
constexpr std::size_t kOneRecord = 16 << 10;

bool HasNoBody(int status) { return status < 200 || status == 204 || status == 304; }

Error Misuse(std::string_view what) {
  return {ErrorCode::kInternal, "response: " + std::string(what)};
}

// Set by any thread, seen by the server's.
class ServerSignal final : public Exchange::Signal,
                           public Wakeable,
                           public std::enable_shared_from_this<ServerSignal> {
 public:
  explicit ServerSignal(std::shared_ptr<WakeQueue> queue) : queue_(std::move(queue)) {}

  void Set() override { queue_->Push(shared_from_this()); }

  void OnWake() override {
    is_set = true;
    if (waiter != nullptr) waiter->Wake();
  }

  // The server's thread alone looks at these.
  bool is_set = false;
  Connection* waiter = nullptr;

 private:
  std::shared_ptr<WakeQueue> queue_;
};

}  // namespace

ServerExchange::ServerExchange(Connection& connection, ServerContext& context)
    : connection_(connection),
      context_(context),
      keep_alive_(connection.head().keep_alive()),
      continue_due_(connection.head().expects_continue()),
      unread_(connection.head().body_length().value_or(0)),
      progress_(context.limits.body_progress_bytes,
                static_cast<std::uint64_t>(context.limits.body_progress.count())) {}

Result<void> ServerExchange::Fail(Error error) {
  broken_ = true;
  return error;
}

// ---------------------------------------------------------------------------- the request's body

Result<std::size_t> ServerExchange::ReadBody(std::span<std::byte> out) {
  if (out.empty()) return Misuse("no room to read a body into");
  if (BodyIsRead()) return std::size_t{0};
  if (broken_ || connection_.cut()) {
    return Error{ErrorCode::kUnavailable, "request body: the connection is broken"};
  }
  PLASM_TRY_VOID(SendContinue());
  auto count = connection_.head().framing() == BodyFraming::kChunked ? ReadChunks(out)
                                                                     : ReadKnownLength(out);
  if (!count) broken_ = true;
  return count;
}

bool ServerExchange::BodyIsRead() const {
  switch (connection_.head().framing()) {
    case BodyFraming::kNone:
      return true;
    case BodyFraming::kLength:
      return unread_ == 0;
    case BodyFraming::kChunked:
      return chunks_.done();
  }
  return true;
}

Result<void> ServerExchange::SendContinue() {
  if (!continue_due_) return {};
  continue_due_ = false;
  // It has not waited, or it has its answer.
  if (!connection_.input().empty() || sending_ != Sending::kNothing) return {};
  return connection_.WriteAll(AsBytes("HTTP/1.1 100 Continue\r\n\r\n"));
}

Result<std::size_t> ServerExchange::ReadKnownLength(std::span<std::byte> out) {
  out = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), unread_)));
  const ByteView input = connection_.input();
  if (!input.empty()) {
    const std::size_t size = std::min(input.size(), out.size());
    std::memcpy(out.data(), input.data(), size);
    connection_.DropInput(size);
    unread_ -= size;
    return size;
  }
  while (true) {
    const IoResult read = connection_.TryRead(out);
    if (read.status == IoStatus::kDone) {
      progress_.OnBytes(read.bytes);
      unread_ -= read.bytes;
      return read.bytes;
    }
    PLASM_TRY_VOID(AwaitInput(read.status));
  }
}

Result<std::size_t> ServerExchange::ReadChunks(std::span<std::byte> out) {
  while (true) {
    PLASM_TRY(const ChunkDecoder::Step step, chunks_.Decode(connection_.input(), out));
    connection_.DropInput(step.consumed);
    if (step.written > 0 || chunks_.done()) return step.written;
    const IoResult read = connection_.FillInput();
    if (read.status == IoStatus::kDone) {
      progress_.OnBytes(read.bytes);
    } else {
      PLASM_TRY_VOID(AwaitInput(read.status));
    }
  }
}

Result<void> ServerExchange::AwaitInput(IoStatus status) {
  if (status == IoStatus::kEnd || status == IoStatus::kFailed) {
    return Error{ErrorCode::kInvalid, "request body: cut short by the client"};
  }
  const std::uint64_t before = context_.clock.MonotonicNs();
  const auto waking = connection_.WaitForIo(status, std::chrono::nanoseconds(progress_.left_ns()));
  progress_.OnWaited(context_.clock.MonotonicNs() - before);
  if (waking == Connection::Waking::kCut) {
    return Error{ErrorCode::kUnavailable, "request body: the connection is cut"};
  }
  if (waking == Connection::Waking::kTimeout) {
    return Error{ErrorCode::kUnavailable, "request body: it comes too slowly"};
  }
  return {};
}

// -------------------------------------------------------------------------------- the response

Result<ResponseText> ServerExchange::BeginResponse(int status, const Headers& headers) {
  if (sending_ != Sending::kNothing) return Misuse("begun twice");
  if (status < 200 || status > 599) return Misuse("status " + std::to_string(status));
  for (const Header& header : headers) {
    if (!ResponseText::MayAdd(header.name, header.value)) {
      return Misuse("header " + Quote(header.name) + ": " + Quote(header.value));
    }
  }
  // Whoever still waits for "100 Continue" will not send the body.
  if (broken_ || context_.draining || (continue_due_ && !BodyIsRead())) keep_alive_ = false;
  ResponseText text(status, context_.date.At(context_.clock.RealtimeNs()));
  for (const Header& header : headers) text.Add(header.name, header.value);
  if (!keep_alive_) text.Add("Connection", "close");
  return text;
}

Result<void> ServerExchange::Respond(int status, const Headers& headers, ByteView body) {
  PLASM_TRY(ResponseText head, BeginResponse(status, headers));
  sending_ = Sending::kDone;
  const bool no_body = HasNoBody(status);
  if (no_body) {
    head.End();
  } else {
    head.EndWithLength(body.size());
  }
  std::string text = std::move(head).Take();
  const bool send_body = !no_body && !is_head();
  // Together in one record and one packet, when that costs little.
  if (send_body && text.size() + body.size() <= kOneRecord) {
    text += AsText(body);
    body = {};
  }
  auto sent = connection_.WriteAll(AsBytes(text));
  if (sent && send_body) sent = connection_.WriteAll(body);
  if (!sent) return Fail(std::move(sent).error());
  return {};
}

Result<void> ServerExchange::BeginStream(int status, const Headers& headers,
                                         std::optional<std::uint64_t> length) {
  const bool until_close = !length && connection_.head().is_http_1_0();
  PLASM_TRY(ResponseText head, BeginResponse(status, headers));
  const bool no_body = HasNoBody(status);
  if (no_body) {
    sending_ = Sending::kNoBody;
    head.End();
  } else if (length) {
    sending_ = is_head() ? Sending::kNoBody : Sending::kLength;
    unsent_ = *length;
    head.EndWithLength(*length);
  } else if (until_close) {
    sending_ = is_head() ? Sending::kNoBody : Sending::kUntilClose;
    head.End();
  } else {
    sending_ = is_head() ? Sending::kNoBody : Sending::kChunks;
    head.EndWithChunks();
  }
  const std::string text = std::move(head).Take();
  if (auto sent = connection_.WriteAll(AsBytes(text)); !sent) return Fail(std::move(sent).error());
  return {};
}

Result<void> ServerExchange::Write(ByteView bytes) {
  if (broken_) return Error{ErrorCode::kUnavailable, "response: the connection is broken"};
  Result<void> sent;
  switch (sending_) {
    case Sending::kNothing:
      return Misuse("written before it was begun");
    case Sending::kDone:
      return Misuse("written after its end");
    case Sending::kNoBody:
      return {};
    case Sending::kLength:
      if (bytes.size() > unsent_) return Misuse("longer than was announced");
      unsent_ -= bytes.size();
      sent = connection_.WriteAll(bytes);
      break;
    case Sending::kUntilClose:
      sent = connection_.WriteAll(bytes);
      break;
    case Sending::kChunks: {
      if (bytes.empty()) return {};  // an empty chunk would be the last
      std::array<char, 24> size{};
      const int digits = std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
      std::string text;
      text.reserve(bytes.size() + static_cast<std::size_t>(digits) + 2);
      text.append(size.data(), static_cast<std::size_t>(digits))
          .append(AsText(bytes))
          .append("\r\n");
      sent = connection_.WriteAll(AsBytes(text));
      break;
    }
  }
  if (!sent) return Fail(std::move(sent).error());
  return {};
}

Result<void> ServerExchange::Finish() {
  if (broken_) return Error{ErrorCode::kUnavailable, "response: the connection is broken"};
  switch (std::exchange(sending_, Sending::kDone)) {
    case Sending::kNothing:
      sending_ = Sending::kNothing;
      return Misuse("finished before it was begun");
    case Sending::kDone:
      return Misuse("finished twice");
    case Sending::kLength:
      if (unsent_ > 0) return Fail(Misuse("shorter than was announced"));
      return {};
    case Sending::kUntilClose:
    case Sending::kNoBody:
      return {};
    case Sending::kChunks:
      if (auto sent = connection_.WriteAll(AsBytes("0\r\n\r\n")); !sent) {
        return Fail(std::move(sent).error());
      }
      return {};
  }
  return {};
}

Result<void> ServerExchange::SendFile(int status, const Headers& headers, int fd,
                                      std::uint64_t offset, std::uint64_t length) {
  PLASM_TRY_VOID(BeginStream(status, headers, length));
  if (sending_ == Sending::kLength) {
    Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(length, kFileBytes)));
    while (unsent_ > 0) {
      const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(unsent_, buffer.size()));
      const ssize_t count = ::pread(fd, buffer.data(), wanted, static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return Fail(SystemError(errno, "response: file"));
      if (count == 0) {
        return Fail({ErrorCode::kCorrupt, "response: the file is shorter than was announced"});
      }
      offset += static_cast<std::uint64_t>(count);
      PLASM_TRY_VOID(Write(ByteView(buffer).first(static_cast<std::size_t>(count))));
    }
  }
  return Finish();
}

// ------------------------------------------------------------------------------ the connection

std::shared_ptr<Exchange::Signal> ServerExchange::NewSignal() {
  return std::make_shared<ServerSignal>(context_.wakes);
}

bool ServerExchange::WaitFor(Signal& signal, std::chrono::nanoseconds limit) {
  auto& own = static_cast<ServerSignal&>(signal);
  if (!own.is_set) {
    own.waiter = &connection_;
    (void)connection_.WaitForSignal(limit);
    own.waiter = nullptr;
  }
  return own.is_set;
}

bool ServerExchange::Conclude(HandlerOutcome outcome) {
  if (sending_ == Sending::kNothing && !broken_) {
    const char* detail = outcome == HandlerOutcome::kThrew ? "the request made the server fail"
                                                           : "the request was not answered";
    (void)RespondError({ErrorCode::kInternal, detail});
  } else if (sending_ != Sending::kDone && sending_ != Sending::kNothing) {
    // The client must not take a part for the whole.
    if (sending_ != Sending::kNoBody) connection_.Cut();
    broken_ = true;
  }
  if (broken_ || connection_.cut()) {
    // A body that broke is not answered by us, but may have been by the handler.
    return false;
  }
  return keep_alive_ && DiscardBody();
}

bool ServerExchange::DiscardBody() {
  if (continue_due_ && !BodyIsRead()) return false;
  if (unread_ > context_.limits.discarded_body_bytes) return false;
  // What was not wanted is not waited for as what was.
  progress_ = BodyProgress(context_.limits.discarded_body_bytes + 1,
                           static_cast<std::uint64_t>(context_.limits.linger.count()));
  std::size_t discarded = 0;
  std::array<std::byte, 4096> scrap;
  while (!BodyIsRead()) {
    const auto count = ReadBody(scrap);
    if (!count) return false;
    discarded += *count;
    if (discarded > context_.limits.discarded_body_bytes) return false;
  }
  return true;
}

}  // namespace plasm::net
