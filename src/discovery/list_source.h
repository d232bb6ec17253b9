// Nodes that the user has listed.
#pragma once

#include <cstddef>
#include <vector>

#include "base/bytes.h"
#include "discovery/hint_source.h"

namespace plasm::discovery {

inline constexpr std::size_t kMaxEndpointListBytes = 256 << 10;

// A line an endpoint, "https://host[:port]"; blank lines, and from '#' on comments. kInvalid with
// the number of the line, kLimitExceeded. Pure.
Result<std::vector<net::Endpoint>> ParseEndpointList(ByteView text);

class ListSource final : public HintSource {
 public:
  explicit ListSource(std::vector<net::Endpoint> endpoints) : endpoints_(std::move(endpoints)) {}
  HintOrigin origin() const override { return HintOrigin::kList; }
  Result<void> Find(const Query& query, const HintSink& sink, int stop_fd) override;

 private:
  std::vector<net::Endpoint> endpoints_;
};

}  // namespace plasm::discovery
