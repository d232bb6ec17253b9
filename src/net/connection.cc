#include "net/connection.h"

#include <malloc.h>
#include <sys/epoll.h>

#include <algorithm>
#include <cassert>
#include <exception>

#include "net/problem.h"
#include "net/response_text.h"
#include "net/server_exchange.h"

namespace plasm::net {
namespace {

constexpr std::size_t kReadBytes = 16 << 10;
// Beyond this a client that was answered and goes on sending is cut.
constexpr std::size_t kMaxLingeredBytes = 4 << 20;
// What many handshakes at once need for a moment lies between what their connections keep, so
// that nothing of it goes back to the system by itself: half of what 1,000 idle connections took.
constexpr unsigned kHandshakesATrim = 128;

}  // namespace

Connection::Connection(ServerContext& context, std::unique_ptr<Transport> transport,
                       TlsTransport* tls, Peer peer, std::string peer_group)
    : context_(context),
      transport_(std::move(transport)),
      tls_(tls),
      peer_(std::move(peer)),
      peer_group_(std::move(peer_group)) {}

Connection::~Connection() { assert(coroutine_ == nullptr); }

void Connection::Open() {
  deadline_ns_ = context_.DeadlineIn(context_.limits.handshake);
  Go();
}

void Connection::OnEvents(std::uint32_t events) {
  SocketIo& socket = transport_->socket();
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) socket.OnHungUp();
  if ((events & EPOLLIN) != 0) socket.OnReadable();
  if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) socket.OnWritable();
  if (state_ != State::kServing) {
    Go();
  } else if (waiting_ == Waiting::kSignal && socket.hung_up()) {
    ResumeWith(Waking::kGone);
  } else if ((waiting_ == Waiting::kRead && socket.readable()) ||
             (waiting_ == Waiting::kWrite && socket.writable())) {
    ResumeWith(Waking::kIo);
  }
}

void Connection::OnTurn() {
  if (state_ == State::kHead) Go();
}

void Connection::Go() {
  if (state_ == State::kHandshake && !ContinueHandshake()) return;
  if (state_ == State::kHead) ReadHead();
  if (state_ == State::kLingering) ReadToTheEnd();
}

bool Connection::ContinueHandshake() {
  switch (transport_->Handshake()) {
    case IoStatus::kDone:
      if (tls_ != nullptr) peer_.key = tls_->PeerKey();
      if (tls_ != nullptr && ++context_.handshakes >= kHandshakesATrim) {
        context_.handshakes = 0;
        malloc_trim(0);
      }
      state_ = State::kHead;
      deadline_ns_ = context_.DeadlineIn(context_.limits.idle);
      return true;
    case IoStatus::kWantRead:
    case IoStatus::kWantWrite:
      return false;
    case IoStatus::kEnd:
    case IoStatus::kFailed:
      ++context_.counters.failed_handshakes;
      Close();
      return false;
  }
  return false;
}

// One request at most: others have their turn before the next one.
void Connection::ReadHead() {
  while (true) {
    const bool has_input = input_.size() > input_at_;
    if (has_input) {
      const std::string_view text = std::string_view(input_).substr(input_at_);
      HeadOutcome outcome = ParseRequestHead(text, context_.limits.head, scanned_);
      scanned_ = text.size();
      if (outcome.kind != HeadOutcome::Kind::kNeedsMore) return TakeHead(outcome);
    }
    const IoResult read = transport_->Read(std::span(context_.scratch).first(kReadBytes));
    if (read.status == IoStatus::kEnd || read.status == IoStatus::kFailed) return Close();
    if (read.status != IoStatus::kDone) return;
    if (!has_input) deadline_ns_ = context_.DeadlineIn(context_.limits.whole_head);
    // Only now: an idle connection has no buffer.
    if (!has_input) {
      input_.clear();
      input_at_ = 0;
    }
    input_.append(AsText(std::span(context_.scratch).first(read.bytes)));
  }
}

void Connection::TakeHead(HeadOutcome& outcome) {
  scanned_ = 0;
  if (outcome.kind == HeadOutcome::Kind::kRefused) return Refuse(outcome.refusal);
  DropInput(outcome.size);
  head_ = std::move(outcome.head);
  StartServing();
}

void Connection::Refuse(const Refusal& refusal) {
  ++context_.counters.refused_requests;
  const std::string body =
      ProblemBody(refusal.status, ErrorCodeName(CodeOfStatus(refusal.status)), refusal.detail);
  ResponseText response(refusal.status, context_.date.At(context_.clock.RealtimeNs()));
  response.Add("Content-Type", kProblemType);
  response.Add("Connection", "close");
  response.EndWithLength(body.size());
  // One attempt: whoever sends this has no claim to an answer.
  (void)transport_->Write(AsBytes(std::move(response).Take() + body));
  Linger();
}

void Connection::StartServing() {
  ++context_.counters.requests;
  state_ = State::kServing;
  deadline_ns_ = kNever;
  keep_ = false;
  coroutine_ = context_.coroutines.Take();
  coroutine_->Start(*this);
  AfterTurnOfHandler();
}

void Connection::Run() noexcept {
  ServerExchange exchange(*this, context_);
  bool failed = false;
  try {
    context_.handler.Serve(exchange);
  } catch (const std::exception&) {
    failed = true;
  }
  keep_ = exchange.Conclude(failed ? HandlerOutcome::kThrew : HandlerOutcome::kReturned);
}

void Connection::AfterTurnOfHandler() {
  if (!coroutine_->ended()) return;
  context_.coroutines.Give(std::move(coroutine_));
  head_ = RequestHead();
  if (cut_) {
    state_ = State::kHead;
    return Close();
  }
  if (!keep_) return Linger();
  state_ = State::kHead;
  const bool has_input = input_.size() > input_at_;
  if (!has_input) {
    input_ = std::string();
    input_at_ = 0;
  }
  deadline_ns_ = context_.DeadlineIn(has_input ? context_.limits.whole_head : context_.limits.idle);
  // There may be more at once, here or inside OpenSSL.
  context_.ready.push_back(this);
}

// The last response is on its way. Closing while the client still sends would make its kernel
// throw the response away, so what it sends is read for a while.
void Connection::Linger() {
  transport_->Shutdown();
  state_ = State::kLingering;
  deadline_ns_ = context_.DeadlineIn(context_.limits.linger);
  input_ = std::string();
  input_at_ = 0;
  ReadToTheEnd();
}

void Connection::ReadToTheEnd() {
  // Below TLS: what it holds is of no interest.
  SocketIo& socket = transport_->socket();
  while (true) {
    const IoResult read = socket.Receive(context_.scratch);
    if (read.status == IoStatus::kWantRead) return;
    lingered_bytes_ += read.bytes;
    if (read.status != IoStatus::kDone || lingered_bytes_ > kMaxLingeredBytes) return Close();
  }
}

void Connection::Close() {
  assert(state_ != State::kServing);
  state_ = State::kClosed;
  deadline_ns_ = kNever;
  context_.any_closed = true;
}

void Connection::OnDeadline() {
  switch (state_) {
    case State::kHandshake:
      ++context_.counters.failed_handshakes;
      return Close();
    case State::kHead:
      if (input_.size() > input_at_) {
        return Refuse({408, "request head: not complete in time"});
      }
      transport_->Shutdown();
      return Close();
    case State::kServing:
      return ResumeWith(Waking::kTimeout);
    case State::kLingering:
      return Close();
    case State::kClosed:
      return;
  }
}

void Connection::Drain() {
  // A request of which a part has come is not served any more: it may be sent elsewhere.
  if (state_ == State::kHandshake || state_ == State::kHead) {
    if (state_ == State::kHead) transport_->Shutdown();
    Close();
  }
}

void Connection::Cut() {
  if (state_ == State::kClosed || cut_) return;
  cut_ = true;
  if (state_ != State::kServing) return Close();
  ++context_.counters.cut;
  ResumeWith(Waking::kCut);
}

Connection::Waking Connection::WaitForIo(IoStatus status, std::chrono::nanoseconds limit) {
  assert(status == IoStatus::kWantRead || status == IoStatus::kWantWrite);
  return Sleep(status == IoStatus::kWantRead ? Waiting::kRead : Waiting::kWrite, limit);
}

Connection::Waking Connection::WaitForSignal(std::chrono::nanoseconds limit) {
  if (hung_up()) return cut_ ? Waking::kCut : Waking::kGone;
  return Sleep(Waiting::kSignal, limit);
}

void Connection::Wake() {
  if (waiting_ == Waiting::kSignal) ResumeWith(Waking::kSignal);
}

Connection::Waking Connection::Sleep(Waiting waiting, std::chrono::nanoseconds limit) {
  if (cut_) return Waking::kCut;
  waiting_ = waiting;
  deadline_ns_ = context_.DeadlineIn(limit);
  coroutine_->Sleep();
  return waking_;
}

void Connection::ResumeWith(Waking waking) {
  if (waiting_ == Waiting::kNothing) return;
  waiting_ = Waiting::kNothing;
  deadline_ns_ = kNever;
  waking_ = waking;
  coroutine_->Resume();
  AfterTurnOfHandler();
}

Result<void> Connection::WriteAll(ByteView bytes) {
  while (!bytes.empty()) {
    if (cut_) return Error{ErrorCode::kUnavailable, "connection: cut"};
    const IoResult written = transport_->Write(bytes);
    switch (written.status) {
      case IoStatus::kDone:
        bytes = bytes.subspan(written.bytes);
        break;
      case IoStatus::kWantRead:
      case IoStatus::kWantWrite:
        if (WaitForIo(written.status, context_.limits.write_stall) == Waking::kTimeout) {
          Cut();
          return Error{ErrorCode::kUnavailable, "connection: the client stopped reading"};
        }
        break;
      case IoStatus::kEnd:
      case IoStatus::kFailed:
        cut_ = true;
        return Error{ErrorCode::kUnavailable, "connection: the client has closed it"};
    }
  }
  return {};
}

IoResult Connection::TryRead(std::span<std::byte> out) { return transport_->Read(out); }

IoResult Connection::FillInput() {
  const IoResult read = transport_->Read(std::span(context_.scratch).first(kReadBytes));
  if (read.status == IoStatus::kDone) {
    if (input_at_ == input_.size()) {
      input_.clear();
      input_at_ = 0;
    }
    input_.append(AsText(std::span(context_.scratch).first(read.bytes)));
  }
  return read;
}

void Connection::DropInput(std::size_t bytes) {
  input_at_ += bytes;
  assert(input_at_ <= input_.size());
  // A client that is always a part of a request ahead must not make it grow for ever.
  if (input_at_ > input_.size() / 2) {
    input_.erase(0, input_at_);
    input_at_ = 0;
  }
}

}  // namespace plasm::net
