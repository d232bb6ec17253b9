#include "settings.h"

#include <libtorrent/alert.hpp>
#include <string>

namespace plasm::dht {
namespace {

using libtorrent::settings_pack;

// Items and announcements of others that are kept for them.
constexpr int kMostItems = 20'000;
constexpr int kMostKeys = 10'000;
constexpr int kMostPeersOfKey = 500;
constexpr int kItemLifeSeconds = 7200;  // what nobody puts again is gone by then
constexpr int kUploadBytesPerSecond = 1 << 20;
// A node that announces itself under all its labels, 5 ms apart, is no attacker. Whoever sends more
// is not heard for a while.
constexpr int kPacketsPerSecondOfPeer = 1000;
constexpr int kNotHeardSeconds = 30;

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

}  // namespace

settings_pack QuietSettings(const Flags& flags) {
  settings_pack pack;
  namespace category = libtorrent::alert_category;
  pack.set_int(settings_pack::alert_mask, category::dht | category::dht_operation |
                                              category::error | category::status |
                                              category::port_mapping);
  pack.set_str(settings_pack::listen_interfaces, "");
  pack.set_str(settings_pack::dht_bootstrap_nodes, "");
  // No name and no version of a program is told to strangers.
  pack.set_str(settings_pack::user_agent, "");
  pack.set_str(settings_pack::handshake_client_version, "");
  pack.set_bool(settings_pack::enable_dht, false);
  for (const int feature :
       {settings_pack::enable_lsd, settings_pack::enable_upnp, settings_pack::enable_natpmp,
        settings_pack::enable_incoming_tcp, settings_pack::enable_outgoing_tcp,
        settings_pack::enable_incoming_utp, settings_pack::enable_outgoing_utp,
        // Another port than the one that was asked for would be one that nobody knows.
        settings_pack::listen_system_port_fallback, settings_pack::enable_ip_notifier,
        settings_pack::use_dht_as_fallback,
        // Private networks: addresses that are near each other, and that no router has seen.
        settings_pack::dht_restrict_routing_ips, settings_pack::dht_restrict_search_ips,
        settings_pack::dht_prefer_verified_node_ids, settings_pack::dht_enforce_node_id,
        settings_pack::dht_ignore_dark_internet}) {
    pack.set_bool(feature, false);
  }
  pack.set_bool(settings_pack::dht_read_only, flags.read_only);
  pack.set_bool(settings_pack::dht_aggressive_lookups, true);
  pack.set_int(settings_pack::dht_max_fail_count, 3);
  pack.set_int(settings_pack::dht_max_dht_items, kMostItems);
  pack.set_int(settings_pack::dht_max_torrents, kMostKeys);
  pack.set_int(settings_pack::dht_max_peers, kMostPeersOfKey);
  pack.set_int(settings_pack::dht_item_lifetime, kItemLifeSeconds);
  pack.set_int(settings_pack::dht_upload_rate_limit, kUploadBytesPerSecond);
  pack.set_int(settings_pack::dht_block_ratelimit, kPacketsPerSecondOfPeer);
  pack.set_int(settings_pack::dht_block_timeout, kNotHeardSeconds);
  pack.set_int(settings_pack::max_retry_port_bind, 0);
  pack.set_int(settings_pack::connections_limit, 1);
  return pack;
}

settings_pack JoiningSettings(const Flags& flags) {
  settings_pack pack;
  pack.set_str(settings_pack::listen_interfaces, Joined(flags.listen));
  pack.set_bool(settings_pack::enable_upnp, flags.map_ports);
  pack.set_bool(settings_pack::enable_natpmp, flags.map_ports);
  pack.set_bool(settings_pack::enable_dht, true);
  return pack;
}

}  // namespace plasm::dht
