#include "jobs/reservations.h"

#include <utility>

namespace plasm::jobs {
namespace {

constexpr std::uint64_t kLifeNs = Reservations::kSeconds * 1'000'000'000;

}  // namespace

Reservations::Held Reservations::Hold(const std::string& client, std::string_view name,
                                      std::uint64_t now_ns) {
  Forget(now_ns);
  if (const auto held = Find(client, name); held != places_.end()) {
    held->expires_ns = now_ns + kLifeNs;
    places_.splice(places_.end(), places_, held);
    return Held::kAgain;
  }
  if (places_.size() >= kMost || CountOf(client, now_ns) >= kMostOfClient) return Held::kNone;
  const auto place = places_.insert(
      places_.end(), {.client = client, .name = std::string(name), .expires_ns = now_ns + kLifeNs});
  clients_[client].emplace(name, place);
  return Held::kNew;
}

bool Reservations::Release(const std::string& client, std::string_view name, std::uint64_t now_ns) {
  Forget(now_ns);
  const auto held = Find(client, name);
  if (held == places_.end()) return false;
  Remove(held);
  return true;
}

bool Reservations::IsHeld(const std::string& client, std::string_view name, std::uint64_t now_ns) {
  Forget(now_ns);
  return Find(client, name) != places_.end();
}

std::size_t Reservations::Count(std::uint64_t now_ns) {
  Forget(now_ns);
  return places_.size();
}

std::size_t Reservations::CountOf(const std::string& client, std::uint64_t now_ns) {
  Forget(now_ns);
  const auto of_client = clients_.find(client);
  return of_client == clients_.end() ? 0 : of_client->second.size();
}

void Reservations::Forget(std::uint64_t now_ns) {
  while (!places_.empty() && places_.front().expires_ns <= now_ns) Remove(places_.begin());
}

void Reservations::Remove(Places::iterator place) {
  const auto of_client = clients_.find(place->client);
  of_client->second.erase(place->name);
  if (of_client->second.empty()) clients_.erase(of_client);
  places_.erase(place);
}

Reservations::Places::iterator Reservations::Find(const std::string& client,
                                                  std::string_view name) {
  const auto of_client = clients_.find(client);
  if (of_client == clients_.end()) return places_.end();
  const auto place = of_client->second.find(name);
  return place == of_client->second.end() ? places_.end() : place->second;
}

}  // namespace plasm::jobs
