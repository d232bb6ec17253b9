// Servers that are no nodes, and show a card all the same:
//   card_server ADDRESS shown FILE      this card, whoever has signed it, under a key of its own
//   card_server ADDRESS own SECONDS K=V a card of its own, rightly signed, that says it has this
//                                       label and ends in so many seconds (negative: has ended)
// Prints its address; ends with its standard input.
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/file.h"
#include "net/problem.h"
#include "net/server.h"
#include "trust/node_card.h"

namespace {

using namespace plasm;

constexpr std::size_t kMostBytes = 64 << 10;
constexpr std::uint64_t kDayMs = 86'400'000;

class CardHandler final : public net::Handler {
 public:
  explicit CardHandler(std::string card) : card_(std::move(card)) {}

  void Serve(net::Exchange& exchange) override {
    if (exchange.request().path() == "/v1/node") {
      (void)exchange.Respond(200, {{"Content-Type", "application/json"}}, AsBytes(card_));
      return;
    }
    const std::string problem = net::ProblemBody(404, "not_found", "there is no such path");
    (void)exchange.Respond(404, {{"Content-Type", net::kProblemType}}, AsBytes(problem));
  }

 private:
  const std::string card_;
};

Result<std::string> OwnCard(const crypto::SigningKey& tls_key, const std::string& address,
                            std::string_view seconds, std::string_view label, Clock& clock,
                            Entropy& entropy) {
  std::int64_t left = 0;
  const auto [end, failed] = std::from_chars(seconds.data(), seconds.data() + seconds.size(), left);
  const std::size_t equals = label.find('=');
  if (failed != std::errc() || end != seconds.data() + seconds.size() ||
      equals == std::string_view::npos) {
    return Error{ErrorCode::kInvalid, "expected own SECONDS KEY=VALUE"};
  }
  const auto identity = crypto::SigningKey::Generate(entropy);
  const auto receipt_key = crypto::SigningKey::Generate(entropy);
  const auto log_key = crypto::SigningKey::Generate(entropy);
  const std::uint64_t now_ms = clock.RealtimeNs() / 1'000'000;
  trust::NodeCard card;
  card.identity = identity.public_key();
  card.name = "boaster";
  card.issued = {now_ms - 30 * kDayMs};
  card.expires = {now_ms + static_cast<std::uint64_t>(left * 1000)};
  const UtcTime to{now_ms + 300 * kDayMs};
  const auto key = [&](trust::KeyUse use, const crypto::SigningKey& of, std::string origin) {
    return trust::NodeKey{.use = use,
                          .key = of.public_key(),
                          .from = card.issued,
                          .to = to,
                          .origin = std::move(origin)};
  };
  card.keys = {key(trust::KeyUse::kReceipt, receipt_key, ""),
               key(trust::KeyUse::kLog, log_key, "plasm.invalid/boaster"),
               key(trust::KeyUse::kTls, tls_key, "")};
  card.endpoints = {"https://" + address};
  card.capabilities = {
      .engine = "wasmtime-48",
      .arch = "x86_64",
      .profiles = {"plasm-det-1"},
      .labels = {{std::string(label.substr(0, equals)), std::string(label.substr(equals + 1))}}};
  return trust::SignNodeCard(card, identity);
}

Result<void> Serve(const std::string& address, const std::vector<std::string_view>& words) {
  SystemClock clock;
  SystemEntropy entropy;
  const auto tls_key = crypto::SigningKey::Generate(entropy);
  PLASM_TRY(const net::TlsIdentity identity, net::TlsIdentity::Make(tls_key, {"node", {}, {}}));
  std::string card;
  if (words.size() == 2 && words[0] == "shown") {
    PLASM_TRY(const Bytes bytes, ReadFile(std::string(words[1]), kMostBytes));
    card = AsText(bytes);
  } else if (words.size() == 3 && words[0] == "own") {
    PLASM_TRY(card, OwnCard(tls_key, address, words[1], words[2], clock, entropy));
  } else {
    return Error{ErrorCode::kInvalid, "usage: card_server ADDRESS shown FILE|own SECONDS K=V"};
  }
  CardHandler handler(std::move(card));
  net::Server server(clock, handler, &identity);
  std::vector<net::Listener> listeners;
  PLASM_TRY(net::Listener listener, net::Listener::OnTcp(address));
  listeners.push_back(std::move(listener));
  PLASM_TRY_VOID(server.Start(std::move(listeners)));
  std::printf("%s\n", address.c_str());
  std::fflush(stdout);
  std::thread stopper([&server] {
    char byte = 0;
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
    server.Stop(std::chrono::seconds(0));
  });
  auto result = server.Run();
  stopper.join();
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string address = argc > 1 ? argv[1] : "";
  const auto result = Serve(address, {argv + std::min(argc, 2), argv + argc});
  if (result) return 0;
  std::fprintf(stderr, "card_server: %s\n", result.error().message.c_str());
  return 1;
}
