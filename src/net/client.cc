#include "net/client.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/quote.h"
#include "base/system_error.h"
#include "net/chunk_decoder.h"
#include "net/client_stream.h"
#include "net/field_syntax.h"

namespace plasm::net {
namespace {

constexpr std::size_t kReadBytes = 16 << 10;
constexpr std::size_t kFileBytes = 64 << 10;

bool MayRepeat(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE" ||
         method == "OPTIONS";
}

Result<std::string> RequestText(const Endpoint& endpoint, const OutgoingRequest& request,
                                std::uint64_t length) {
  const bool good_target =
      request.target.starts_with('/') &&
      std::ranges::all_of(request.target, [](char c) { return c > 0x20 && c < 0x7f; });
  if (!IsToken(request.method) || !good_target) {
    return Error{ErrorCode::kInvalid, "request " + Quote(request.method) + " " +
                                          Quote(request.target) + ": expected METHOD and /path"};
  }
  std::string text;
  text.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\nHost: ");
  if (endpoint.kind == Endpoint::Kind::kUnix) {
    text += "localhost";
  } else {
    const std::string url = endpoint.ToString();
    text += url.substr(url.find("//") + 2);
  }
  text += "\r\n";
  for (const Header& header : request.headers) {
    if (!IsToken(header.name) || !IsFieldValue(header.value)) {
      // The value may be a secret.
      return Error{ErrorCode::kInvalid, "request header " + Quote(header.name) +
                                            ": its value has a line end or another control"};
    }
    text.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  if (length > 0 || request.method == "POST" || request.method == "PUT") {
    text += "Content-Length: " + std::to_string(length) + "\r\n";
  }
  return text + "\r\n";
}

}  // namespace

class Client::Connection {
 public:
  Connection(Clock& clock, Endpoint endpoint, std::optional<crypto::PublicKey> server_key,
             const TlsIdentity* identity, const ClientLimits& limits)
      : clock_(clock),
        endpoint_(std::move(endpoint)),
        server_key_(std::move(server_key)),
        identity_(identity),
        limits_(limits) {}

  Result<ResponseHead> Send(const OutgoingRequest& request) {
    const std::uint64_t length = request.file ? request.file->length : request.body.size();
    PLASM_TRY(const std::string text, RequestText(endpoint_, request, length));
    if (!at_end_) Close();
    const bool kept = stream_ != nullptr;
    auto head = SendOnce(request, text);
    if (!head && kept && !heard_ && head.error().code == ErrorCode::kUnavailable &&
        MayRepeat(request.method)) {
      head = SendOnce(request, text);
    }
    return head;
  }

  Result<std::size_t> ReadBody(std::span<std::byte> out) {
    if (out.empty()) return Error{ErrorCode::kInternal, "response body: no room to read it into"};
    if (at_end_) return std::size_t{0};
    if (stream_ == nullptr) {
      return Error{ErrorCode::kUnavailable, "response body: the connection is closed"};
    }
    auto count = ReadFramed(out);
    if (!count) {
      Close();
    } else if (at_end_ && !head_.keep_alive) {
      stream_ = nullptr;
    }
    return count;
  }

  void Close() {
    if (stream_ != nullptr) stream_->Shutdown();
    stream_ = nullptr;
    input_.clear();
    at_end_ = true;
  }

  void InterruptBy(int fd) { interrupt_ = fd; }
  const Endpoint& endpoint() const { return endpoint_; }

 private:
  Result<ResponseHead> SendOnce(const OutgoingRequest& request, const std::string& text) {
    heard_ = false;
    if (stream_ == nullptr) {
      if (endpoint_.kind == Endpoint::Kind::kTls && !server_key_) {
        return Error{ErrorCode::kInvalid, endpoint_.ToString() + ": the server's key is not known"};
      }
      PLASM_TRY(stream_,
                ClientStream::Open(clock_, endpoint_, server_key_, identity_, limits_, interrupt_));
      input_.clear();
    }
    auto written = Write(request, text);
    // Whoever refuses a request may close before all of it is there; what it said counts.
    const bool whole = written && *written == ClientStream::Written::kAll;
    auto head = ReadHead(request.method);
    if (!head) {
      Close();
      return written ? std::move(head).error() : std::move(written).error();
    }
    if (!whole) head->keep_alive = false;
    head_ = *head;
    chunks_ = ChunkDecoder();
    left_ = head_.length;
    at_end_ = head_.framing == ResponseHead::Framing::kNone ||
              (head_.framing == ResponseHead::Framing::kLength && left_ == 0);
    if (at_end_ && !head_.keep_alive) Close();
    return head;
  }

  Result<ClientStream::Written> Write(const OutgoingRequest& request, const std::string& text) {
    using Written = ClientStream::Written;
    if (!request.file && text.size() + request.body.size() <= kReadBytes) {
      std::string all = text;
      all += AsText(request.body);
      return stream_->Write(AsBytes(all), limits_.stall);
    }
    PLASM_TRY(Written written, stream_->Write(AsBytes(text), limits_.stall));
    if (written != Written::kAll) return written;
    if (!request.file) return stream_->Write(request.body, limits_.stall);
    Bytes buffer(
        static_cast<std::size_t>(std::min<std::uint64_t>(kFileBytes, request.file->length)));
    for (std::uint64_t sent = 0; sent < request.file->length;) {
      const auto wanted = static_cast<std::size_t>(
          std::min<std::uint64_t>(buffer.size(), request.file->length - sent));
      const ssize_t count = ::pread(request.file->fd, buffer.data(), wanted,
                                    static_cast<off_t>(request.file->offset + sent));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        const int error = errno;
        Close();
        if (count < 0) return SystemError(error, "request body");
        return Error{ErrorCode::kInvalid, "request body: the file has become shorter"};
      }
      sent += static_cast<std::uint64_t>(count);
      PLASM_TRY(written, stream_->Write(ByteView(buffer).first(static_cast<std::size_t>(count)),
                                        limits_.stall));
      if (written != Written::kAll) return written;
    }
    return written;
  }

  Result<void> Fill(std::chrono::nanoseconds limit) {
    std::array<std::byte, kReadBytes> buffer;
    PLASM_TRY(const std::size_t count, stream_->Read(buffer, limit));
    if (count == 0) {
      return Error{ErrorCode::kUnavailable, endpoint_.ToString() + ": the server closed"};
    }
    heard_ = true;
    input_.append(AsText(std::span(buffer).first(count)));
    return {};
  }

  Result<ResponseHead> ReadHead(std::string_view method) {
    if (stream_ == nullptr) return Error{ErrorCode::kUnavailable, "response: not connected"};
    const std::uint64_t deadline =
        clock_.MonotonicNs() + static_cast<std::uint64_t>(limits_.head.count());
    while (true) {
      PLASM_TRY(auto parsed, ParseResponseHead(input_, method, limits_.head_bytes));
      if (parsed) {
        input_.erase(0, parsed->second);
        if (parsed->first.status >= 200) return std::move(parsed->first);
        continue;  // 100 Continue, 103 Early Hints
      }
      const std::uint64_t now = clock_.MonotonicNs();
      PLASM_TRY_VOID(Fill(std::chrono::nanoseconds(deadline > now ? deadline - now : 0)));
    }
  }

  Result<std::size_t> ReadFramed(std::span<std::byte> out) {
    switch (head_.framing) {
      case ResponseHead::Framing::kNone:
        return std::size_t{0};
      case ResponseHead::Framing::kLength: {
        out = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left_)));
        PLASM_TRY(const std::size_t count, ReadRaw(out));
        if (count == 0) return CutShort();
        left_ -= count;
        at_end_ = left_ == 0;
        return count;
      }
      case ResponseHead::Framing::kChunked:
        return ReadChunks(out);
      case ResponseHead::Framing::kUntilClose: {
        PLASM_TRY(const std::size_t count, ReadRaw(out));
        at_end_ = count == 0;
        return count;
      }
    }
    return std::size_t{0};
  }

  Result<std::size_t> ReadRaw(std::span<std::byte> out) {
    if (input_.empty()) return stream_->Read(out, limits_.stall);
    const std::size_t size = std::min(out.size(), input_.size());
    std::memcpy(out.data(), input_.data(), size);
    input_.erase(0, size);
    return size;
  }

  Result<std::size_t> ReadChunks(std::span<std::byte> out) {
    while (true) {
      auto step = chunks_.Decode(AsBytes(input_), out);
      if (!step) return Error{ErrorCode::kCorrupt, "response: " + step.error().message};
      input_.erase(0, step->consumed);
      at_end_ = chunks_.done();
      if (step->written > 0 || at_end_) return step->written;
      auto filled = Fill(limits_.stall);
      if (!filled) return std::move(filled).error();
    }
  }

  static Error CutShort() {
    return {ErrorCode::kUnavailable, "response body: cut short by the server"};
  }

  Clock& clock_;
  Endpoint endpoint_;
  std::optional<crypto::PublicKey> server_key_;
  const TlsIdentity* identity_;
  ClientLimits limits_;
  int interrupt_ = -1;
  std::unique_ptr<ClientStream> stream_;
  std::string input_;
  bool heard_ = false;  // whether anything came since the request
  ResponseHead head_;
  ChunkDecoder chunks_;
  std::uint64_t left_ = 0;
  bool at_end_ = true;
};

Client::Client(Clock& clock, Endpoint endpoint, std::optional<crypto::PublicKey> server_key,
               const TlsIdentity* identity, ClientLimits limits)
    : connection_(std::make_unique<Connection>(clock, std::move(endpoint), std::move(server_key),
                                               identity, limits)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

void Client::InterruptBy(int fd) { connection_->InterruptBy(fd); }
Result<ResponseHead> Client::Send(const OutgoingRequest& request) {
  return connection_->Send(request);
}
Result<std::size_t> Client::ReadBody(std::span<std::byte> out) {
  return connection_->ReadBody(out);
}
void Client::Close() { connection_->Close(); }
const Endpoint& Client::endpoint() const { return connection_->endpoint(); }

Result<Bytes> Client::ReadWholeBody(std::size_t limit) {
  Bytes body;
  while (true) {
    const std::size_t size = body.size();
    body.resize(std::min(size + kReadBytes, limit + 1));
    PLASM_TRY(const std::size_t count, ReadBody(std::span(body).subspan(size)));
    body.resize(size + count);
    if (count == 0) return body;
    if (body.size() > limit) {
      Close();
      return Error{ErrorCode::kLimitExceeded,
                   "response body: longer than " + std::to_string(limit) + " bytes"};
    }
  }
}

Result<WholeResponse> Client::Fetch(const OutgoingRequest& request, std::size_t limit) {
  PLASM_TRY(ResponseHead head, Send(request));
  PLASM_TRY(Bytes body, ReadWholeBody(limit));
  return WholeResponse{std::move(head), std::move(body)};
}

Result<crypto::PublicKey> FetchServerKey(Clock& clock, const Endpoint& endpoint,
                                         const ClientLimits& limits, int interrupt_fd) {
  if (endpoint.kind != Endpoint::Kind::kTls) {
    return Error{ErrorCode::kInvalid, endpoint.ToString() + ": a Unix socket has no key"};
  }
  PLASM_TRY(const std::unique_ptr<ClientStream> stream,
            ClientStream::Open(clock, endpoint, std::nullopt, nullptr, limits, interrupt_fd));
  stream->Shutdown();
  return *stream->server_key();
}

}  // namespace plasm::net
