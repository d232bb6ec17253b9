// An exchange over a connection of the server.
#pragma once

#include <memory>

#include "net/body_progress.h"
#include "net/chunk_decoder.h"
#include "net/connection.h"
#include "net/exchange.h"
#include "net/response_text.h"

namespace plasm::net {

enum class HandlerOutcome { kReturned, kThrew };

// Lives on the stack of the handler's coroutine.
class ServerExchange final : public Exchange {
 public:
  ServerExchange(Connection& connection, ServerContext& context);

  const RequestHead& request() const override { return connection_.head(); }
  const Peer& peer() const override { return connection_.peer(); }
  Result<std::size_t> ReadBody(std::span<std::byte> out) override;
  Result<void> Respond(int status, const Headers& headers, ByteView body) override;
  Result<void> BeginStream(int status, const Headers& headers,
                           std::optional<std::uint64_t> length) override;
  Result<void> Write(ByteView bytes) override;
  Result<void> Finish() override;
  Result<void> SendFile(int status, const Headers& headers, int fd, std::uint64_t offset,
                        std::uint64_t length) override;
  bool ClientGone() const override { return connection_.hung_up(); }
  bool Draining() const override { return context_.draining; }

  // When the handler has returned: answers for it if it has not, and reads over what it has left
  // of the body. Whether the connection can take another request.
  bool Conclude(HandlerOutcome outcome);

 protected:
  std::shared_ptr<Signal> NewSignal() override;
  bool WaitFor(Signal& signal, std::chrono::nanoseconds limit) override;

 private:
  enum class Sending { kNothing, kLength, kChunks, kUntilClose, kNoBody, kDone };

  Result<ResponseText> BeginResponse(int status, const Headers& headers);
  Result<void> Fail(Error error);
  Result<std::size_t> ReadKnownLength(std::span<std::byte> out);
  Result<std::size_t> ReadChunks(std::span<std::byte> out);
  Result<void> AwaitInput(IoStatus status);
  Result<void> SendContinue();
  bool DiscardBody();
  bool BodyIsRead() const;
  bool is_head() const { return connection_.head().method() == "HEAD"; }

  Connection& connection_;
  ServerContext& context_;
  Sending sending_ = Sending::kNothing;
  std::uint64_t unsent_ = 0;  // for kLength
  bool keep_alive_;
  bool broken_ = false;  // nothing that is sent or read now would make sense
  bool continue_due_;
  std::uint64_t unread_;  // for BodyFraming::kLength
  ChunkDecoder chunks_;
  BodyProgress progress_;
};

}  // namespace plasm::net
