#include "node_discovery.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/child.h"
#include "base/file.h"
#include "discovery/dht_nodes_file.h"
#include "log.h"
#include "net/endpoint.h"

namespace plasm::app {
namespace {

constexpr std::string_view kNodesFile = "dht-nodes";

bool Wants(const NodeConfig& config, std::string_view source) {
  return std::ranges::find(config.discovery, source) != config.discovery.end();
}

// Those that compiled code may use, and that a client may want to know of.
std::vector<std::string> CpuFeatures() {
  std::vector<std::string> features;
#ifdef __x86_64__
  __builtin_cpu_init();
#define PLASM_CPU_FEATURE(name) \
  if (__builtin_cpu_supports(name)) features.emplace_back(name)
  PLASM_CPU_FEATURE("sse4.2");
  PLASM_CPU_FEATURE("popcnt");
  PLASM_CPU_FEATURE("avx");
  PLASM_CPU_FEATURE("avx2");
  PLASM_CPU_FEATURE("fma");
  PLASM_CPU_FEATURE("bmi");
  PLASM_CPU_FEATURE("bmi2");
  PLASM_CPU_FEATURE("avx512f");
#undef PLASM_CPU_FEATURE
#endif
  return features;
}

std::optional<std::uint32_t> MemoryMib() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_bytes = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page_bytes <= 0) return std::nullopt;
  const std::uint64_t mib =
      static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes) >> 20;
  if (mib == 0) return std::nullopt;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(mib, UINT32_MAX));
}

}  // namespace

void AddMachineFacts(const NodeConfig& config, std::uint32_t cores,
                     trust::Capabilities& capabilities) {
  // Whoever is not in authorized_clients or holds no token may submit nothing, but to open nodes.
  if (config.policy == "open") capabilities.policy = trust::SubmitPolicy::kOpen;
  if (config.discovery.empty()) return;
  capabilities.cores = std::min(cores, trust::kMaxCores);
  capabilities.memory_mib = MemoryMib();
  capabilities.cpu = CpuFeatures();
  if (!capabilities.policy) capabilities.policy = trust::SubmitPolicy::kInvitation;
}

std::uint16_t AnnouncedPort(const NodeConfig& config, std::uint16_t listening) {
  if (config.endpoints.empty()) return listening;
  const auto endpoint = net::Endpoint::Parse(config.endpoints.front());
  return endpoint ? endpoint->port : listening;
}

NodeDiscovery::~NodeDiscovery() { Withdraw(); }

Result<std::unique_ptr<NodeDiscovery>> NodeDiscovery::Start(const NodeConfig& config,
                                                            const DataFolder& data,
                                                            const crypto::SigningKey& identity,
                                                            std::string_view card,
                                                            std::uint16_t port, Clock& clock) {
  std::unique_ptr<NodeDiscovery> discovery(new NodeDiscovery(port));
  if (config.discovery.empty()) return discovery;
  if (port == 0) {
    return Error{ErrorCode::kInvalid,
                 "discovery: the node listens on no address for TLS, where others could reach it"};
  }
  PLASM_TRY(trust::OpenedCard opened, trust::OpenNodeCard(AsBytes(card)));
  constexpr std::size_t kLargeCardBytes = 4096;
  if (card.size() > kLargeCardBytes) {
    LogEvent(LogLevel::kWarn, "card_large",
             {{"bytes", std::uint64_t{card.size()}}, {"expected", std::uint64_t{kLargeCardBytes}}});
  }
  discovery->card_ = opened;
  discovery->lan_wanted_ = Wants(config, "lan");
  if (Wants(config, "dht")) {
    PLASM_TRY_VOID(discovery->StartDht(config, data, identity, opened, clock));
  }
  discovery->StartLan(opened);
  return discovery;
}

Result<void> NodeDiscovery::StartDht(const NodeConfig& config, const DataFolder& data,
                                     const crypto::SigningKey& identity,
                                     const trust::OpenedCard& card, Clock& clock) {
  PLASM_TRY(std::filesystem::path program, FindOwnProgram("plasm-dht"));
  const discovery::DhtNodesFile saved(data.root() / kNodesFile);
  discovery::DhtSettings settings{.program = std::move(program),
                                  .listen = config.dht_listen,
                                  .bootstrap = config.dht_bootstrap,
                                  .map_ports = config.port_mapping == "on"};
  for (const discovery::PeerAddress& node : saved.Load()) {
    settings.bootstrap.push_back(node.ToString());
  }
  const std::lock_guard lock(mutex_);  // what is called back waits for the assignment
  dht_ = std::make_unique<discovery::DhtPublisher>(
      std::move(settings), discovery::PublicationOf(card, port_), identity,
      discovery::DhtPublisher::Listeners{
          .ready =
              [](const std::vector<discovery::PeerAddress>& listen) {
                for (const discovery::PeerAddress& address : listen) {
                  LogEvent(LogLevel::kInfo, "dht_listening", {{"address", address.ToString()}});
                }
              },
          .failed =
              [](const std::string& why) {
                LogEvent(LogLevel::kWarn, "dht_failed", {{"error", why}});
              },
          .nodes =
              [saved](const std::vector<discovery::PeerAddress>& nodes) {
                if (const auto kept = saved.Save(nodes); !kept) {
                  LogEvent(LogLevel::kWarn, "dht_nodes_not_saved",
                           {{"error", kept.error().message}});
                }
              },
          .mapped =
              [this](const discovery::PortMapped& mapped) {
                LogEvent(LogLevel::kInfo, "port_mapped",
                         {{"port", std::uint64_t{mapped.port}},
                          {"external", std::uint64_t{mapped.external}}});
                Mapped(mapped.external);
              },
          .refused =
              [](const std::string& message) {
                LogEvent(LogLevel::kWarn, "dht_refused", {{"error", message}});
              }},
      clock);
  return {};
}

void NodeDiscovery::StartLan(const trust::OpenedCard& card) {
  if (!lan_wanted_) return;
  lan_.reset();  // the name is free for the next one
  auto started = discovery::LanPublisher::Start({.name = card.card.name,
                                                 .port = port_,
                                                 .identity = card.card.identity,
                                                 .version = card.card.version});
  if (started) {
    lan_ = *std::move(started);
  } else {
    LogEvent(LogLevel::kWarn, "lan_failed", {{"error", started.error().message}});
  }
}

void NodeDiscovery::Mapped(std::uint16_t external) {
  const std::lock_guard lock(mutex_);
  if (!dht_ || port_ == external) return;
  port_ = external;
  dht_->Change(discovery::PublicationOf(*card_, port_));
}

void NodeDiscovery::Change(std::string_view card) {
  auto opened = trust::OpenNodeCard(AsBytes(card));
  if (!opened) return;  // it is our own
  const std::lock_guard lock(mutex_);
  card_ = *std::move(opened);
  if (dht_) dht_->Change(discovery::PublicationOf(*card_, port_));
  if (lan_) StartLan(*card_);
}

void NodeDiscovery::Withdraw() {
  std::unique_ptr<discovery::DhtPublisher> dht;
  {
    const std::lock_guard lock(mutex_);
    dht = std::move(dht_);
    lan_.reset();
    lan_wanted_ = false;
  }
  dht.reset();  // without the lock: its thread may be about to call
}

}  // namespace plasm::app
