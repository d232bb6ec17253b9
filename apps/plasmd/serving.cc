#include "serving.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <thread>
#include <utility>

#include "api/access_files.h"
#include "api/api_handler.h"
#include "api/retirement.h"
#include "base/entropy.h"
#include "base/file.h"
#include "crypto/key_file.h"
#include "crypto/public_key_text.h"
#include "execution/runtime.h"
#include "inherited_sockets.h"
#include "jobs/warm_up.h"
#include "log.h"
#include "net/endpoint.h"
#include "net/server.h"
#include "node/serving_node.h"
#include "node_discovery.h"
#include "service_control.h"
#include "worker/supervisor/worker_process.h"

namespace plasm::app {
namespace {

constexpr std::uint64_t kNs = 1'000'000'000;
constexpr unsigned kDiskThreads = 2;

unsigned WorkersOf(const NodeConfig& config) {
  if (config.workers > 0) return static_cast<unsigned>(config.workers);
  return std::max(1u, std::thread::hardware_concurrency());
}

// Of the first one for TLS that other machines can reach, else of the first; 0 when there is none.
std::uint16_t PortOf(const std::vector<net::Listener>& listeners) {
  std::uint16_t port = 0;
  for (const net::Listener& listener : listeners) {
    if (listener.kind() != net::Listener::Kind::kTls) continue;
    const bool loopback =
        listener.address().starts_with("127.") || listener.address().starts_with("[::1]");
    if (!loopback) return listener.port();
    if (port == 0) port = listener.port();
  }
  return port;
}

node::CardFacts FactsOf(const NodeConfig& config, const crypto::PublicKey& identity) {
  node::CardFacts facts = node::PlainFacts(identity, PLASM_ENGINE_VERSION);
  facts.from = node::FactsFrom::kConfiguration;
  if (!config.name.empty()) facts.name = config.name;
  facts.endpoints = config.endpoints;
  facts.capabilities.labels = config.labels;
  AddMachineFacts(config, WorkersOf(config), facts.capabilities);
  return facts;
}

// What clients that look at names find in the certificate. Ours look at the key alone.
net::CertificateNames NamesOf(const NodeConfig& config) {
  net::CertificateNames names{.common_name = "plasm node",
                              .dns_names = {"localhost"},
                              .ip_addresses = {"127.0.0.1", "::1"}};
  for (const std::string& text : config.endpoints) {
    const auto endpoint = net::Endpoint::Parse(text);
    if (!endpoint) continue;
    const bool address = endpoint->host.find(':') != std::string::npos ||
                         endpoint->host.find_first_not_of("0123456789.") == std::string::npos;
    auto& list = address ? names.ip_addresses : names.dns_names;
    if (std::ranges::find(list, endpoint->host) == list.end()) list.push_back(endpoint->host);
  }
  return names;
}

Result<std::vector<net::Listener>> OpenListeners(const NodeConfig& config, const DataFolder& data) {
  PLASM_TRY(const unsigned inherited,
            InheritedCount(std::getenv("LISTEN_FDS"), std::getenv("LISTEN_PID"),
                           static_cast<std::uint64_t>(getpid())));
  if (inherited > 0) return TakeInherited(inherited);
  std::vector<net::Listener> listeners;
  for (const std::string& address : config.listen) {
    PLASM_TRY(net::Listener listener, net::Listener::OnTcp(address));
    listeners.push_back(std::move(listener));
  }
  PLASM_TRY(net::Listener socket, net::Listener::OnUnix(SocketPath(config, data)));
  listeners.push_back(std::move(socket));
  return listeners;
}

jobs::ServiceSettings SettingsOf(const NodeConfig& config, const DataFolder& data,
                                 std::filesystem::path worker_program) {
  jobs::ServiceSettings settings;
  settings.worker_program = std::move(worker_program);
  settings.artefacts = data.artefacts();
  settings.engine_version = PLASM_ENGINE_VERSION;
  settings.workers = WorkersOf(config);
  settings.offering.arch = execution::MachineArch();
  settings.offering.labels.assign(config.labels.begin(), config.labels.end());
  settings.offering.most = config.limits;
  settings.queue_length = static_cast<std::uint32_t>(config.queue);
  settings.attempts = static_cast<std::uint32_t>(config.attempts);
  return settings;
}

api::NodeFacts NodeFactsOf(const NodeConfig& config, const node::ServingNode& node) {
  return {.version = PLASM_VERSION,
          .engine = PLASM_ENGINE_ID,
          .engine_version = PLASM_ENGINE_VERSION,
          .arch = std::string(execution::MachineArch()),
          .profiles = {"plasm-det-1", "live"},
          .cores = WorkersOf(config),
          .identity = crypto::Fingerprint(node.keys().identity.public_key())};
}

void ReportRequest(const api::Served& served) {
  // An answer that is the node's fault is worth a line; others are the clients' business.
  const LogLevel level =
      served.status >= 500 && served.status != 503 ? LogLevel::kWarn : LogLevel::kDebug;
  if (!IsLogged(level)) return;
  LogEvent(level, "request",
           {{"method", served.method},
            {"path", served.path},
            {served.parameter.starts_with("job-") ? "job" : "parameter", served.parameter},
            {"client", served.client},
            {"status", static_cast<std::uint64_t>(served.status)},
            {"ms", served.time_ms}});
}

void ReportAccess(const Error& error) {
  LogEvent(LogLevel::kError, "access_file_refused", {{"error", error.message}});
}

std::optional<api::Guests> GuestsOf(const NodeConfig& config) {
  return config.policy == "open" ? std::optional(config.guests) : std::nullopt;
}

std::vector<Sha256Digest> NamedModules(const NodeConfig& config) {
  std::vector<Sha256Digest> modules;
  for (const std::string& text : config.warm_up.modules) {
    if (const auto module = Sha256Digest::FromString(text)) modules.push_back(*module);
  }
  return modules;
}

void WarmUp(const NodeConfig& config, const store::JobStore& store, jobs::JobService& service) {
  const auto report = [](LogLevel if_not) {
    return [if_not](const Sha256Digest& module, const Result<void>& outcome) {
      if (outcome) return LogEvent(LogLevel::kDebug, "warm", {{"module", module.ToString()}});
      LogEvent(if_not, "not_warm",
               {{"module", module.ToString()}, {"error", outcome.error().message}});
    };
  };
  service.WarmUp(NamedModules(config), jobs::Keep::kAlways, report(LogLevel::kWarn));
  auto recent = jobs::RecentModules(store, config.warm_up.recent);
  if (!recent) return LogEvent(LogLevel::kWarn, "not_warm", {{"error", recent.error().message}});
  service.WarmUp(*std::move(recent), jobs::Keep::kWhileUsed, report(LogLevel::kDebug));
}

}  // namespace

std::filesystem::path SocketPath(const NodeConfig& config, const DataFolder& data) {
  return config.socket.empty() ? data.root() / "plasmd.sock" : std::filesystem::path(config.socket);
}

Result<void> Serve(const NodeConfig& config, const DataFolder& data, const ServiceSignals& signals,
                   Clock& clock, Entropy& entropy) {
  PLASM_TRY(std::filesystem::path worker_program, worker::FindWorkerProgram());
  PLASM_TRY_VOID(CreateFolders(data.root(), 0700));
  PLASM_TRY(api::LiveAccess access, api::LiveAccess::Open(api::AccessFiles(data.root()), clock,
                                                          ReportAccess, GuestsOf(config)));
  PLASM_TRY(const crypto::SigningKey tls_key,
            crypto::LoadOrCreateSigningKey(node::TlsKeyPath(data.root()), entropy));
  PLASM_TRY(const net::TlsIdentity identity, net::TlsIdentity::Make(tls_key, NamesOf(config)));
  PLASM_TRY(std::vector<net::Listener> listeners, OpenListeners(config, data));

  const auto signing =
      config.signing == "each" ? receipt::Signing::kEach : receipt::Signing::kBatch;
  PLASM_TRY(
      const auto node,
      node::ServingNode::Open(
          data.root(), [&config](const crypto::PublicKey& key) { return FactsOf(config, key); },
          signing, clock, entropy));
  PLASM_TRY(store::JobStore store, store::JobStore::Open(data.root()));
  const BlobStore blobs(data.blobs());
  BlobPins pins;
  std::vector<BlobPins::Hold> named_modules;
  for (const Sha256Digest& module : NamedModules(config)) {
    named_modules.push_back(pins.Pin(module));
  }
  BufferedEntropy job_ids(entropy);
  jobs::ServiceSettings settings = SettingsOf(config, data, std::move(worker_program));
  settings.client_named = [&access](const std::string& name) {
    return api::ClientNamed(access.Current(), name);
  };
  PLASM_TRY(const auto service, jobs::JobService::Start(std::move(settings), store, blobs, pins,
                                                        *node, clock, job_ids));

  const api::NodeFacts facts = NodeFactsOf(config, *node);
  const api::LogProofs proofs(data.root(), node->card()->card);
  api::RequestCounters counters;
  std::unique_ptr<net::Server> server;
  api::Background background(kDiskThreads);
  api::NodeRoutes node_routes(
      facts, *node, *service, store, counters, [&server] { return server->counters(); },
      data.root(), clock);
  api::JobRoutes job_routes(*service, store, blobs, proofs, background, clock);
  api::JobEvents events(*service, blobs);
  api::BlobRoutes blob_routes(blobs, pins, store, background, clock,
                              config.retention.upload_seconds * kNs);
  api::LogRoutes logs(data.root());
  api::CompatRoutes compat(facts, *service, store, blobs, blob_routes, background,
                           node->keys().receipt, clock);
  api::ApiHandler handler({.node = node_routes,
                           .jobs = job_routes,
                           .events = events,
                           .blobs = blob_routes,
                           .logs = logs,
                           .compat = compat},
                          access, counters, clock, geteuid(), ReportRequest);
  server = std::make_unique<net::Server>(clock, handler, &identity);
  for (const net::Listener& listener : listeners) {
    LogEvent(LogLevel::kInfo, "listening", {{"address", listener.address()}});
  }
  const std::uint16_t port = AnnouncedPort(config, PortOf(listeners));
  PLASM_TRY_VOID(server->Start(std::move(listeners)));
  PLASM_TRY(const auto discovery, NodeDiscovery::Start(config, data, node->keys().identity,
                                                       node->card()->envelope, port, clock));

  ServiceControl control(
      {.signals = signals,
       .server = *server,
       .service = *service,
       .access = access,
       .clock = clock,
       .drain_ns = config.drain_seconds * kNs,
       .warm_up = [&] { WarmUp(config, store, *service); },
       .renew_card = [&]() -> Result<node::CardNews> {
         PLASM_TRY(const node::CardNews news, node->RenewCard());
         if (news != node::CardNews::kNone) discovery->Change(node->card()->envelope);
         return news;
       },
       .draining = [&] { discovery->Withdraw(); },
       .retire =
           [&] { return api::RetireWhatIsOld(config.retention, store, blobs, pins, clock); }});
  return server->Run();
}

}  // namespace plasm::app
