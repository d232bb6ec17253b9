// Sends requests over connections that are kept, and says how many were answered how fast:
//   http_load --connections 32 --seconds 5 https://127.0.0.1:7420/path
// With TLS it shows a certificate of a key of its own, or of --key. It takes any server.
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "base/system_error.h"
#include "crypto/key_file.h"
#include "net/endpoint.h"
#include "net/response_head.h"
#include "net/socket_address.h"
#include "net/tls_transport.h"

namespace {

using namespace plasm;

struct Options {
  std::string url;
  std::string method = "GET";
  std::string target = "/";
  std::vector<std::string> headers;
  std::string body_file;
  std::size_t body_bytes = 0;
  std::string key_file;
  int connections = 32;
  double seconds = 5;
  bool idle = false;
};

struct Totals {
  std::vector<std::uint32_t> latencies_us;
  std::uint64_t failures = 0;  // statuses other than 2xx
};

Result<UniqueFd> Connect(const net::Endpoint& endpoint) {
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  net::SocketAddress remote;
  const sockaddr* address = reinterpret_cast<const sockaddr*>(&local);
  socklen_t size = sizeof(local);
  if (endpoint.kind == net::Endpoint::Kind::kUnix) {
    std::memcpy(local.sun_path, endpoint.path.data(), endpoint.path.size());
  } else {
    const std::string url = endpoint.ToString();
    PLASM_TRY(remote, net::SocketAddress::Parse(url.substr(url.find("//") + 2)));
    address = remote.get();
    size = remote.size;
  }
  UniqueFd fd(::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd || ::connect(fd.get(), address, size) != 0) return SystemError(errno, "connect");
  if (::fcntl(fd.get(), F_SETFL, O_NONBLOCK) != 0) return SystemError(errno, "fcntl");
  return fd;
}

// Has one request on its way at a time.
class Caller {
 public:
  Caller(std::unique_ptr<net::Transport> transport, const std::string& request, Clock& clock,
         Totals& totals)
      : transport_(std::move(transport)), request_(request), clock_(clock), totals_(totals) {}

  net::SocketIo& socket() { return transport_->socket(); }
  bool connected() const { return connected_; }

  // Goes as far as it can. False when the connection is of no use any more.
  bool Go(bool may_send) {
    if (!connected_) {
      const net::IoStatus status = transport_->Handshake();
      if (status == net::IoStatus::kFailed || status == net::IoStatus::kEnd) return false;
      if (status != net::IoStatus::kDone) return true;
      connected_ = true;
    }
    while (true) {
      if (!waiting_) {
        if (!may_send) return true;
        sent_ = 0;
        waiting_ = true;
        started_ns_ = clock_.MonotonicNs();
      }
      while (sent_ < request_.size()) {
        const net::IoResult written =
            transport_->Write(AsBytes(std::string_view(request_).substr(sent_)));
        if (written.status == net::IoStatus::kFailed) return false;
        if (written.status != net::IoStatus::kDone) return true;
        sent_ += written.bytes;
      }
      std::array<std::byte, 16384> buffer;
      const net::IoResult read = transport_->Read(buffer);
      if (read.status == net::IoStatus::kFailed || read.status == net::IoStatus::kEnd) return false;
      if (read.status != net::IoStatus::kDone) return true;
      answer_.append(AsText(std::span(buffer).first(read.bytes)));
      if (AnswerIsWhole()) TakeAnswer();
    }
  }

 private:
  bool AnswerIsWhole() const {
    const std::size_t end = answer_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const std::size_t field = answer_.find("Content-Length: ");
    const std::size_t length =
        field < end ? std::strtoull(answer_.c_str() + field + 16, nullptr, 10) : 0;
    return answer_.size() >= end + 4 + length;
  }
  void TakeAnswer() {
    totals_.latencies_us.push_back(
        static_cast<std::uint32_t>((clock_.MonotonicNs() - started_ns_) / 1000));
    if (answer_.size() < 10 || answer_[9] != '2') ++totals_.failures;
    answer_.clear();
    waiting_ = false;
  }

  std::unique_ptr<net::Transport> transport_;
  const std::string& request_;
  Clock& clock_;
  Totals& totals_;
  bool connected_ = false;
  bool waiting_ = false;
  std::size_t sent_ = 0;
  std::uint64_t started_ns_ = 0;
  std::string answer_;
};

Result<std::string> RequestText(const Options& options) {
  std::string body(options.body_bytes, 'x');
  if (!options.body_file.empty()) {
    PLASM_TRY(const Bytes bytes, ReadFile(options.body_file, 256 << 20));
    body = AsText(bytes);
  }
  std::string text = options.method + " " + options.target + " HTTP/1.1\r\nHost: localhost\r\n";
  for (const std::string& header : options.headers) text += header + "\r\n";
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + body;
}

Result<net::TlsIdentity> Identity(const Options& options) {
  if (options.key_file.empty()) {
    SystemEntropy entropy;
    return net::TlsIdentity::Make(crypto::SigningKey::Generate(entropy), {"load", {}, {}});
  }
  PLASM_TRY(const crypto::SigningKey key, crypto::LoadSigningKey(options.key_file));
  return net::TlsIdentity::Make(key, {"load", {}, {}});
}

void Print(Totals& totals, double seconds) {
  std::vector<std::uint32_t>& latencies = totals.latencies_us;
  std::ranges::sort(latencies);
  const auto at = [&](double part) {
    return latencies.empty() ? 0u
                             : latencies[static_cast<std::size_t>(
                                   part * static_cast<double>(latencies.size() - 1))];
  };
  std::printf("%zu requests in %.1f s: %.0f/s, p50 %u us, p99 %u us, max %u us, %llu not 2xx\n",
              latencies.size(), seconds, static_cast<double>(latencies.size()) / seconds, at(0.5),
              at(0.99), at(1), static_cast<unsigned long long>(totals.failures));
}

Result<void> Load(const Options& options) {
  PLASM_TRY(const net::Endpoint endpoint, net::Endpoint::Parse(options.url));
  PLASM_TRY(const std::string request, RequestText(options));
  PLASM_TRY(const net::TlsIdentity identity, Identity(options));
  PLASM_TRY(const net::TlsContext context, net::TlsContext::ForClient(&identity));
  SystemClock clock;
  Totals totals;
  totals.latencies_us.reserve(1 << 20);
  const UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  std::vector<std::unique_ptr<Caller>> callers;
  int connected = 0;
  std::uint64_t started = 0;
  const auto go = [&](Caller& caller) -> Result<void> {
    const bool before = caller.connected();
    if (!caller.Go(started != 0))
      return Error{ErrorCode::kUnavailable, "the server has closed a connection"};
    if (!before && caller.connected()) ++connected;
    return {};
  };
  const auto turn = [&](int timeout_ms) -> Result<void> {
    std::array<epoll_event, 256> events;
    const int count =
        ::epoll_wait(epoll.get(), events.data(), static_cast<int>(events.size()), timeout_ms);
    for (int i = 0; i < count; ++i) {
      auto& caller = *static_cast<Caller*>(events[i].data.ptr);
      caller.socket().OnWritable();
      caller.socket().OnReadable();
      if ((events[i].events & (EPOLLRDHUP | EPOLLHUP)) != 0) caller.socket().OnHungUp();
      PLASM_TRY_VOID(go(caller));
    }
    return {};
  };
  for (int i = 0; i < options.connections; ++i) {
    PLASM_TRY(UniqueFd fd, Connect(endpoint));
    const int number = fd.get();
    std::unique_ptr<net::Transport> transport;
    if (endpoint.kind == net::Endpoint::Kind::kUnix) {
      transport = std::make_unique<net::PlainTransport>(std::move(fd));
    } else {
      transport = std::make_unique<net::TlsTransport>(std::move(fd), context.NewConnection(),
                                                      net::TlsTransport::Side::kClient);
    }
    callers.push_back(std::make_unique<Caller>(std::move(transport), request, clock, totals));
    epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                      .data = {.ptr = callers.back().get()}};
    if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, number, &event) != 0)
      return SystemError(errno, "epoll");
    PLASM_TRY_VOID(go(*callers.back()));
  }
  while (connected < options.connections) PLASM_TRY_VOID(turn(1000));
  const std::uint64_t begin = clock.MonotonicNs();
  const auto end = begin + static_cast<std::uint64_t>(options.seconds * 1e9);
  if (!options.idle) {
    started = begin;
    for (const auto& caller : callers) PLASM_TRY_VOID(go(*caller));
  } else {
    std::printf("%d connections are open\n", connected);
    std::fflush(stdout);
  }
  while (clock.MonotonicNs() < end) PLASM_TRY_VOID(turn(100));
  if (!options.idle) Print(totals, static_cast<double>(clock.MonotonicNs() - begin) / 1e9);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures an HTTP server over kept connections");
  Options options;
  app.add_option("URL", options.url, "https://ADDRESS[:PORT] or unix:/PATH")->required();
  app.add_option("--target", options.target, "path and query");
  app.add_option("--method", options.method, "method");
  app.add_option("--header", options.headers, "a line like \"Name: value\"; may be repeated");
  app.add_option("--body-file", options.body_file, "file to send");
  app.add_option("--body-bytes", options.body_bytes, "or so many bytes");
  app.add_option("--key", options.key_file, "private key (PKCS#8 PEM) to show a certificate of");
  app.add_option("--connections", options.connections, "how many at a time");
  app.add_option("--seconds", options.seconds, "how long");
  app.add_flag("--idle", options.idle, "only hold the connections");
  CLI11_PARSE(app, argc, argv);
  if (auto loaded = Load(options); !loaded) {
    std::fprintf(stderr, "http_load: %s\n", loaded.error().message.c_str());
    return 1;
  }
  return 0;
}
