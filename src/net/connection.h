// One client's connection to the server: from its first byte to its last.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "net/coroutine.h"
#include "net/event_target.h"
#include "net/request_head.h"
#include "net/server_context.h"
#include "net/tls_transport.h"
#include "net/transport.h"

namespace plasm::net {

// Between requests it is this object and, for TLS, OpenSSL's: a stack belongs to it only while a
// handler runs, a buffer only while part of a request is there.
class Connection final : public EventTarget, private CoroutineBody {
 public:
  // `tls` is the transport again, or null. `peer_group` is what the limit of a peer counts.
  Connection(ServerContext& context, std::unique_ptr<Transport> transport, TlsTransport* tls,
             Peer peer, std::string peer_group);
  ~Connection() override;

  // Begins. Call once.
  void Open();
  void OnEvents(std::uint32_t events) override;
  // Its turn has come, after the others'.
  void OnTurn();
  void OnDeadline();
  // No further request is served.
  void Drain();
  // Ends it now; a handler sees errors and is waited for.
  void Cut();

  bool closed() const { return state_ == State::kClosed; }
  std::uint64_t deadline_ns() const { return deadline_ns_; }
  const std::string& peer_group() const { return peer_group_; }
  const Peer& peer() const { return peer_; }
  int fd() const { return transport_->socket().fd(); }

  // For the exchange, inside the handler's coroutine ----------------------------------------

  enum class Waking { kIo, kSignal, kTimeout, kGone, kCut };
  // Sleeps until what `status` wants (kWantRead, kWantWrite) may be done.
  Waking WaitForIo(IoStatus status, std::chrono::nanoseconds limit);
  // Sleeps until Wake, or until the client has gone.
  Waking WaitForSignal(std::chrono::nanoseconds limit);
  // From the server's thread: ends WaitForSignal.
  void Wake();

  // kUnavailable when it can't be written in time.
  Result<void> WriteAll(ByteView bytes);
  // What is there of the stream, at least a byte; the time limit is the caller's.
  IoResult TryRead(std::span<std::byte> out);
  // What was read and not yet looked at. Appended to by FillInput, shortened by DropInput.
  ByteView input() const { return AsBytes(std::string_view(input_).substr(input_at_)); }
  IoResult FillInput();
  void DropInput(std::size_t bytes);

  RequestHead& head() { return head_; }
  bool hung_up() const { return transport_->socket().hung_up() || cut_; }
  bool cut() const { return cut_; }

 private:
  enum class State { kHandshake, kHead, kServing, kLingering, kClosed };
  enum class Waiting { kNothing, kRead, kWrite, kSignal };

  void Run() noexcept override;
  void Go();
  bool ContinueHandshake();
  void ReadHead();
  void TakeHead(HeadOutcome& outcome);
  void Refuse(const Refusal& refusal);
  void StartServing();
  void AfterTurnOfHandler();
  void Linger();
  void ReadToTheEnd();
  void Close();
  Waking Sleep(Waiting waiting, std::chrono::nanoseconds limit);
  void ResumeWith(Waking waking);

  ServerContext& context_;
  std::unique_ptr<Transport> transport_;
  TlsTransport* tls_;
  Peer peer_;
  std::string peer_group_;
  State state_ = State::kHandshake;
  std::uint64_t deadline_ns_ = kNever;

  std::string input_;
  std::size_t input_at_ = 0;
  std::size_t scanned_ = 0;  // of the input, for the end of the head
  std::size_t lingered_bytes_ = 0;
  RequestHead head_;

  std::unique_ptr<Coroutine> coroutine_;
  Waiting waiting_ = Waiting::kNothing;
  Waking waking_ = Waking::kIo;
  bool cut_ = false;
  bool keep_ = false;  // whether the connection outlives the request
};

}  // namespace plasm::net
