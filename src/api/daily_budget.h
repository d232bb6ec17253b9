// How much of something each client has had today. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace plasm::api {

// Counted since the node started, by days of UTC. One thread at a time.
class DailyBudget {
 public:
  // What is left of `limit` for the client; a clock that is set back begins no new day.
  std::uint64_t Left(const std::string& client, std::uint64_t limit, std::uint64_t now_ns);
  void Take(const std::string& client, std::uint64_t amount, std::uint64_t now_ns);

 private:
  void Advance(std::uint64_t now_ns);

  std::uint64_t day_ = 0;
  std::map<std::string, std::uint64_t> taken_;
};

}  // namespace plasm::api
