#include "session.h"

#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <libtorrent/alert_types.hpp>
#include <libtorrent/disabled_disk_io.hpp>
#include <libtorrent/entry.hpp>
#include <libtorrent/session.hpp>
#include <libtorrent/session_params.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/one_line.h"
#include "base/unique_fd.h"
#include "membership.h"
#include "settings.h"

namespace plasm::dht {
namespace {

namespace lt = libtorrent;
using discovery::DhtEvent;
using discovery::PeerAddress;

constexpr std::size_t kMostFinding = 1024;

template <class Out, class In>
Out CopyBytes(const In& in) {
  Out out;
  static_assert(sizeof(out.bytes) == sizeof(in));
  std::memcpy(out.bytes.data(), in.data(), sizeof(in));
  return out;
}

template <std::size_t N>
std::array<char, N> CharsOf(const std::array<std::byte, N>& bytes) {
  std::array<char, N> chars;
  std::memcpy(chars.data(), bytes.data(), N);
  return chars;
}

lt::sha1_hash HashOf(const discovery::AnnounceKey& key) {
  return lt::sha1_hash(reinterpret_cast<const char*>(key.bytes.data()));
}

discovery::AnnounceKey KeyOf(const lt::sha1_hash& hash) {
  discovery::AnnounceKey key;
  std::memcpy(key.bytes.data(), hash.data(), discovery::AnnounceKey::kSize);
  return key;
}

// Nothing for an address that others can't use, as one with a scope.
template <class LtEndpoint>
std::optional<PeerAddress> AddressOf(const LtEndpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  const auto address = PeerAddress::Parse((endpoint.address().is_v6() ? "[" + host + "]" : host) +
                                          ":" + std::to_string(endpoint.port()));
  if (!address) return std::nullopt;
  return *address;
}

template <class List>
std::vector<PeerAddress> AddressesOf(const List& endpoints) {
  std::vector<PeerAddress> addresses;
  for (const auto& endpoint : endpoints) {
    if (addresses.size() == discovery::kMaxPeersInEvent) break;
    if (auto address = AddressOf(endpoint)) addresses.push_back(*std::move(address));
  }
  return addresses;
}

lt::session_params ParamsOf(const Flags& flags) {
  lt::session_params params(QuietSettings(flags), {});
  params.disk_io_constructor = lt::disabled_disk_io_constructor;
  return params;
}

}  // namespace

class Session::State {
 public:
  explicit State(const Flags& flags)
      : flags_(flags), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), session_(ParamsOf(flags)) {
    const int fd = wake_.get();
    session_.set_alert_notify([fd]() noexcept {
      const std::uint64_t one = 1;
      [[maybe_unused]] const auto written = write(fd, &one, sizeof(one));
    });
  }
  // The session calls back until it has ended.
  ~State() { session_.set_alert_notify({}); }

  int wake_fd() const { return wake_.get(); }

  void Join() { session_.apply_settings(JoiningSettings(flags_)); }

  void LookAround(std::uint64_t now_ns) {
    if (!ready_ || now_ns < membership_.DueNs()) return;
    const Membership::Todo todo = membership_.Look(now_ns, KnownNodes().size());
    // Not by dht_bootstrap_nodes, which the library never takes into its routing table: of two
    // nodes that know each other neither could keep anything for the other.
    if (todo.ask_bootstrap) {
      for (const PeerAddress& node : flags_.bootstrap) {
        session_.add_dht_node({node.host, node.port});
      }
    }
    if (!todo.joined) return;
    events_.push_back(discovery::DhtJoined{});
    // Whoever is asked on the way is known from then on.
    lt::sha1_hash anywhere;
    if (getrandom(anywhere.data(), lt::sha1_hash::size(), 0) == lt::sha1_hash::size()) {
      session_.dht_get_peers(anywhere);
    }
  }

  std::uint64_t DueNs() const { return ready_ ? membership_.DueNs() : UINT64_MAX; }

  Result<std::vector<DhtEvent>> Events();

  void operator()(const discovery::PutItem& put);
  void operator()(const discovery::GetItem& get) {
    session_.dht_get_item(CharsOf(get.key.bytes), get.salt);
  }
  void operator()(const discovery::Announce& announce) {
    session_.dht_announce(HashOf(announce.target), announce.port);
  }
  void operator()(const discovery::FindPeers& find) {
    if (finding_.size() >= kMostFinding) finding_.clear();
    finding_.insert(find.target);
    session_.dht_get_peers(HashOf(find.target));
  }
  void operator()(const discovery::ListNodes&) {
    events_.push_back(discovery::NodesKnown{AddressesOf(KnownNodes())});
  }
  void operator()(const discovery::MapPort& map);

 private:
  // One function an alert.
  void Take(const lt::dht_mutable_item_alert& alert);
  void Take(const lt::dht_put_alert& alert);
  void Take(const lt::dht_get_peers_reply_alert& alert);
  void Take(const lt::listen_succeeded_alert& alert);
  void Take(const lt::portmap_alert& alert);
  void Take(const lt::portmap_error_alert& alert);

  std::vector<lt::udp::endpoint> KnownNodes() const {
    const lt::session_params saved = session_.session_state(lt::session_handle::save_dht_state);
    std::vector<lt::udp::endpoint> nodes = saved.dht_state.nodes;
    nodes.insert(nodes.end(), saved.dht_state.nodes6.begin(), saved.dht_state.nodes6.end());
    return nodes;
  }

  Flags flags_;
  Membership membership_;
  // What was asked for; announcing makes the library look too.
  std::set<discovery::AnnounceKey> finding_;
  UniqueFd wake_;
  std::vector<DhtEvent> events_;
  std::vector<PeerAddress> listening_;
  bool ready_ = false;
  std::map<lt::port_mapping_t, std::uint16_t> mapped_;  // the port that was asked for
  lt::session session_;                                 // ends first
};

void Session::State::operator()(const discovery::PutItem& put) {
  session_.dht_put_item(
      CharsOf(put.item.key.bytes),
      // Called by libtorrent's thread, whatever is there already: it was signed elsewhere.
      [value = std::string(AsText(put.item.value)), signature = CharsOf(put.item.signature.bytes),
       seq = static_cast<std::int64_t>(put.item.seq)](lt::entry& entry, std::array<char, 64>& sig,
                                                      std::int64_t& number, const std::string&) {
        entry = value;
        sig = signature;
        number = seq;
      },
      put.item.salt);
}

void Session::State::operator()(const discovery::MapPort& map) {
  if (!flags_.map_ports) {
    events_.push_back(discovery::CommandRefused{"map: started without --map-ports"});
    return;
  }
  for (const lt::port_mapping_t mapping :
       session_.add_port_mapping(lt::session_handle::tcp, map.port, map.port)) {
    mapped_[mapping] = map.port;
  }
}

void Session::State::Take(const lt::dht_mutable_item_alert& alert) {
  const auto key = CopyBytes<crypto::PublicKey>(alert.key);
  // Others may keep what they like under their keys; ours are byte strings.
  const bool ours = alert.item.type() == lt::entry::string_t &&
                    alert.item.string().size() <= discovery::kMaxItemBytes && alert.seq >= 0;
  if (ours) {
    const ByteView value = AsBytes(alert.item.string());
    events_.push_back(
        discovery::ItemFound{.item = {.key = key,
                                      .salt = alert.salt,
                                      .seq = static_cast<std::uint64_t>(alert.seq),
                                      .value = Bytes(value.begin(), value.end()),
                                      .signature = CopyBytes<crypto::Signature>(alert.signature)},
                             .final = alert.authoritative});
  } else if (alert.authoritative) {
    events_.push_back(discovery::ItemAbsent{key, alert.salt});
  }
}

void Session::State::Take(const lt::dht_put_alert& alert) {
  events_.push_back(
      discovery::ItemStored{.key = CopyBytes<crypto::PublicKey>(alert.public_key),
                            .seq = static_cast<std::uint64_t>(std::max<std::int64_t>(alert.seq, 0)),
                            .copies = static_cast<std::uint32_t>(std::max(alert.num_success, 0))});
}

void Session::State::Take(const lt::dht_get_peers_reply_alert& alert) {
  if (!finding_.contains(KeyOf(alert.info_hash))) return;
  auto peers = AddressesOf(alert.peers());
  if (!peers.empty()) {
    events_.push_back(discovery::PeersFound{KeyOf(alert.info_hash), std::move(peers)});
  }
}

void Session::State::Take(const lt::listen_succeeded_alert& alert) {
  if (ready_ || alert.socket_type != lt::socket_type_t::utp) return;  // UDP has that name
  if (auto address =
          AddressOf(lt::udp::endpoint(alert.address, static_cast<std::uint16_t>(alert.port)))) {
    listening_.push_back(*std::move(address));
  }
}

void Session::State::Take(const lt::portmap_alert& alert) {
  const auto asked = mapped_.find(alert.mapping);
  if (asked == mapped_.end() || alert.external_port <= 0) return;
  events_.push_back(
      discovery::PortMapped{asked->second, static_cast<std::uint16_t>(alert.external_port)});
}

void Session::State::Take(const lt::portmap_error_alert& alert) {
  std::string message = OneLine("map: " + alert.error.message());
  message.resize(std::min(message.size(), discovery::kMaxMessageBytes / 2));
  events_.push_back(discovery::CommandRefused{std::move(message)});
}

Result<std::vector<DhtEvent>> Session::State::Events() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto cleared = read(wake_.get(), &count, sizeof(count));
  std::vector<lt::alert*> alerts;
  session_.pop_alerts(&alerts);
  for (const lt::alert* alert : alerts) {
    if (const auto* item = lt::alert_cast<lt::dht_mutable_item_alert>(alert)) {
      Take(*item);
    } else if (const auto* put = lt::alert_cast<lt::dht_put_alert>(alert)) {
      Take(*put);
    } else if (const auto* peers = lt::alert_cast<lt::dht_get_peers_reply_alert>(alert)) {
      Take(*peers);
    } else if (const auto* listening = lt::alert_cast<lt::listen_succeeded_alert>(alert)) {
      Take(*listening);
    } else if (const auto* mapped = lt::alert_cast<lt::portmap_alert>(alert)) {
      Take(*mapped);
    } else if (const auto* unmapped = lt::alert_cast<lt::portmap_error_alert>(alert)) {
      Take(*unmapped);
    } else if (const auto* failed = lt::alert_cast<lt::listen_failed_alert>(alert)) {
      return Error{ErrorCode::kUnavailable, "--listen " + failed->address.to_string() + ":" +
                                                std::to_string(failed->port) + ": " +
                                                failed->error.message()};
    }
  }
  // An address that stands for several has them all in one go.
  if (!ready_ && listening_.size() >= flags_.listen.size()) {
    ready_ = true;
    events_.push_back(discovery::DhtReady{listening_});
  }
  return std::exchange(events_, {});
}

Session::Session(const Flags& flags) : state_(std::make_unique<State>(flags)) {}
Session::~Session() = default;
int Session::wake_fd() const { return state_->wake_fd(); }
void Session::Join() { state_->Join(); }
void Session::LookAround(std::uint64_t now_ns) { state_->LookAround(now_ns); }
std::uint64_t Session::DueNs() const { return state_->DueNs(); }
void Session::Do(const discovery::DhtCommand& command) { std::visit(*state_, command); }
Result<std::vector<DhtEvent>> Session::Events() { return state_->Events(); }

}  // namespace plasm::dht
