// For tests: real plasm-dht processes on loopback.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "discovery/dht_process.h"

namespace plasm::discovery::testing {

inline constexpr std::uint64_t kLongNs = 60'000'000'000;

class DhtTest : public ::testing::Test {
 protected:
  static DhtSettings SettingsOf(std::vector<std::string> bootstrap) {
    return {.program = PLASM_DHT, .listen = {"127.0.0.1:0"}, .bootstrap = std::move(bootstrap)};
  }

  // The next event of this kind; others are passed over.
  template <class Event>
  static std::optional<Event> Until(DhtProcess& process) {
    while (const auto event = process.Next(kLongNs, -1)) {
      if (const auto* wanted = std::get_if<Event>(&*event)) return *wanted;
    }
    ADD_FAILURE() << "no such event; " << process.TakeFailure();
    return std::nullopt;
  }

  // Where it listens.
  static std::string Listening(DhtProcess& process) {
    const auto ready = Until<DhtReady>(process);
    return ready && !ready->listen.empty() ? ready->listen.front().ToString() : "";
  }

  SystemClock clock_;
};

}  // namespace plasm::discovery::testing
