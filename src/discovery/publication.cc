#include "discovery/publication.h"

#include <algorithm>
#include <utility>

#include "discovery/selection.h"

namespace plasm::discovery {

Publication PublicationOf(const trust::OpenedCard& card, std::uint16_t port) {
  Publication publication{.capabilities = CapabilitiesOf(card.card.capabilities),
                          .card = card.payload_digest,
                          .version = card.card.version,
                          .endpoints = {},
                          .port = port};
  for (const std::string& text : card.card.endpoints) {
    auto endpoint = net::Endpoint::Parse(text);
    if (endpoint && endpoint->kind == net::Endpoint::Kind::kTls) {
      publication.endpoints.push_back(*std::move(endpoint));
    }
  }
  return publication;
}

void PublicationPlan::Change(Publication publication, std::uint64_t now_ns) {
  if (publication == publication_) return;
  const bool others = publication.capabilities != publication_.capabilities ||
                      publication.port != publication_.port;
  publication_ = std::move(publication);
  if (put_ns_ == UINT64_MAX) return;  // not begun yet
  put_ns_ = now_ns;
  if (others) announce_ns_ = now_ns;
}

void PublicationPlan::Begin(std::uint64_t now_ns) {
  announce_ns_ = now_ns;
  announced_ = 0;
  put_ns_ = now_ns;
  list_ns_ = now_ns + kPutAgainNs;
}

void PublicationPlan::Stored(std::uint64_t seq, std::uint32_t copies, std::uint64_t now_ns) {
  if (seq != seq_ || copies > 0 || put_ns_ == UINT64_MAX) return;
  put_ns_ = now_ns + kPutAgainNs;
}

std::vector<DhtCommand> PublicationPlan::Due(std::uint64_t now_ns, std::uint64_t realtime_ns) {
  std::vector<DhtCommand> due;
  if (now_ns >= put_ns_) {
    put_ns_ = now_ns + kPutEveryNs;
    // An item without endpoints would say that the node is gone.
    if (!publication_.endpoints.empty()) due.push_back(Put(publication_.endpoints, realtime_ns));
  }
  if (now_ns >= announce_ns_) {
    announce_ns_ = now_ns + (announced_ < kAnnounceAgainNs.size() ? kAnnounceAgainNs[announced_]
                                                                  : kAnnounceEveryNs);
    ++announced_;
    for (const std::string& capability : publication_.capabilities) {
      due.emplace_back(Announce{AnnounceKeyOf(capability), publication_.port});
    }
  }
  if (now_ns >= list_ns_) {
    list_ns_ = now_ns + kListNodesEveryNs;
    due.emplace_back(ListNodes{});
  }
  return due;
}

std::uint64_t PublicationPlan::NextNs() const {
  return std::min({announce_ns_, put_ns_, list_ns_});
}

DhtCommand PublicationPlan::Withdraw(std::uint64_t realtime_ns) {
  announce_ns_ = put_ns_ = list_ns_ = UINT64_MAX;
  return Put({}, realtime_ns);
}

DhtCommand PublicationPlan::Put(std::vector<net::Endpoint> endpoints, std::uint64_t realtime_ns) {
  seq_ = NextSeq(realtime_ns, seq_);
  const NodeItem item{.card = publication_.card,
                      .version = publication_.version,
                      .expires = UtcTime::FromNanoseconds(realtime_ns + kItemLifeNs),
                      .endpoints = std::move(endpoints)};
  return PutItem{SignNodeItem(item, seq_, identity_)};
}

}  // namespace plasm::discovery
