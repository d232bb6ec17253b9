#include "discovery/dht_publisher.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>
#include <variant>

namespace plasm::discovery {
namespace {

constexpr std::uint64_t kWithdrawNs = 1'000'000'000;

void Ring(int fd) {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(fd, &one, sizeof(one));
}

}  // namespace

DhtPublisher::DhtPublisher(DhtSettings settings, Publication publication,
                           const crypto::SigningKey& identity, Listeners listeners, Clock& clock)
    : process_(settings, clock),
      plan_(publication, identity),
      maps_port_(settings.map_ports),
      port_(publication.port),
      listeners_(std::move(listeners)),
      clock_(clock),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { Work(); }) {}

DhtPublisher::~DhtPublisher() {
  over_ = true;
  Ring(wake_.get());
  thread_.join();
}

void DhtPublisher::Change(Publication publication) {
  {
    const std::lock_guard lock(mutex_);
    changed_ = std::move(publication);
  }
  Ring(wake_.get());
}

void DhtPublisher::Work() {
  while (!over_) {
    const std::uint64_t now_ns = clock_.MonotonicNs();
    const std::uint64_t next_ns = plan_.NextNs();
    const auto event = process_.Next(next_ns > now_ns ? next_ns - now_ns : 0, wake_.get());
    std::uint64_t rung = 0;
    [[maybe_unused]] const auto cleared = read(wake_.get(), &rung, sizeof(rung));
    if (const std::string why = process_.TakeFailure(); !why.empty()) listeners_.failed(why);
    if (event) Take(*event);
    std::optional<Publication> changed;
    {
      const std::lock_guard lock(mutex_);
      changed = std::exchange(changed_, std::nullopt);
    }
    if (changed) plan_.Change(*std::move(changed), clock_.MonotonicNs());
    for (const DhtCommand& command : plan_.Due(clock_.MonotonicNs(), clock_.RealtimeNs())) {
      process_.Send(command);
    }
  }
  Withdraw();
}

void DhtPublisher::Take(const DhtEvent& event) {
  if (const auto* ready = std::get_if<DhtReady>(&event)) {
    listeners_.ready(ready->listen);
    if (maps_port_) process_.Send(MapPort{port_});
  } else if (std::holds_alternative<DhtJoined>(event)) {
    plan_.Begin(clock_.MonotonicNs());
  } else if (const auto* stored = std::get_if<ItemStored>(&event)) {
    plan_.Stored(stored->seq, stored->copies, clock_.MonotonicNs());
  } else if (const auto* known = std::get_if<NodesKnown>(&event)) {
    listeners_.nodes(known->nodes);
  } else if (const auto* mapped = std::get_if<PortMapped>(&event)) {
    listeners_.mapped(*mapped);
  } else if (const auto* refused = std::get_if<CommandRefused>(&event)) {
    listeners_.refused(refused->message);
  }
}

void DhtPublisher::Withdraw() {
  // Who has said nothing has nothing to take back.
  if (!process_.pid() || plan_.last_seq() == 0) return;
  process_.Send(plan_.Withdraw(clock_.RealtimeNs()));
  const std::uint64_t end_ns = clock_.MonotonicNs() + kWithdrawNs;
  while (process_.pid()) {
    const std::uint64_t now_ns = clock_.MonotonicNs();
    if (now_ns >= end_ns) return;
    const auto event = process_.Next(end_ns - now_ns, -1);
    if (!event) return;
    const auto* stored = std::get_if<ItemStored>(&*event);
    if (stored != nullptr && stored->seq == plan_.last_seq()) return;
  }
}

}  // namespace plasm::discovery
