// The HTTP server with handlers that do nothing, for http_load:
//   http_server --listen 127.0.0.1:0 --unix /tmp/http_server.socket
// GET / is answered at once, GET /await after another thread has been asked, PUT / after its body.
#include <CLI/CLI.hpp>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "crypto/public_key_text.h"
#include "net/server.h"

namespace {

using namespace plasm;

// Answers on a thread of its own, all that it finds at a time.
class Answerer {
 public:
  Answerer() : thread_([this] { Run(); }) {}
  ~Answerer() {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  void Ask(std::function<void(int)> give) {
    bool first = false;
    {
      const std::scoped_lock lock(mutex_);
      first = asked_.empty();
      asked_.push_back(std::move(give));
    }
    if (first) changed_.notify_one();
  }

 private:
  void Run() {
    std::vector<std::function<void(int)>> taken;
    while (true) {
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || !asked_.empty(); });
        if (stopping_) return;
        std::swap(taken, asked_);
      }
      for (const auto& give : taken) give(1);
      taken.clear();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::function<void(int)>> asked_;
  bool stopping_ = false;
  std::thread thread_;
};

class BareReplies final : public net::Handler {
 public:
  void Serve(net::Exchange& exchange) override {
    if (exchange.request().path() == "/await") {
      (void)exchange.Await<int>([this](auto give) { answerer_.Ask(std::move(give)); },
                                std::chrono::seconds(10));
    } else if (exchange.request().method() != "GET") {
      if (!exchange.ReadWholeBody(64 << 20)) return;
    }
    (void)exchange.Respond(200, {{"Content-Type", "text/plain"}}, AsBytes("hello\n"));
  }

 private:
  Answerer answerer_;
};

Result<void> Serve(const std::string& address, const std::string& unix_path) {
  SystemClock clock;
  SystemEntropy entropy;
  const auto key = crypto::SigningKey::Generate(entropy);
  PLASM_TRY(const net::TlsIdentity identity,
            net::TlsIdentity::Make(key, {"bench", {"localhost"}, {"127.0.0.1"}}));
  BareReplies handler;
  net::Server server(clock, handler, &identity,
                     {.connections = 20'000, .connections_per_peer = 20'000});
  std::vector<net::Listener> listeners;
  PLASM_TRY(net::Listener tcp, net::Listener::OnTcp(address));
  std::printf("https://%s %s\n", tcp.address().c_str(),
              crypto::Fingerprint(key.public_key()).c_str());
  listeners.push_back(std::move(tcp));
  if (!unix_path.empty()) {
    PLASM_TRY(net::Listener local, net::Listener::OnUnix(unix_path));
    std::printf("%s\n", local.address().c_str());
    listeners.push_back(std::move(local));
  }
  std::fflush(stdout);
  PLASM_TRY_VOID(server.Start(std::move(listeners)));
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread stopper([&] {
    int signal = 0;
    sigwait(&signals, &signal);
    server.Stop(std::chrono::seconds(0));
  });
  auto result = server.Run();
  stopper.join();
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Answers HTTP requests with next to nothing");
  std::string address = "127.0.0.1:0";
  std::string unix_path;
  app.add_option("--listen", address, "TCP address for TLS");
  app.add_option("--unix", unix_path, "path of a socket for plain HTTP");
  CLI11_PARSE(app, argc, argv);
  if (auto served = Serve(address, unix_path); !served) {
    std::fprintf(stderr, "http_server: %s\n", served.error().message.c_str());
    return 1;
  }
  return 0;
}
