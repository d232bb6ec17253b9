#include "discovery/list_source.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/quote.h"
#include "base/text_form.h"

namespace plasm::discovery {

Result<std::vector<net::Endpoint>> ParseEndpointList(ByteView text) {
  if (text.size() > kMaxEndpointListBytes) {
    return Error{ErrorCode::kLimitExceeded, "list of endpoints: found " +
                                                std::to_string(text.size()) +
                                                " bytes, expected at most 262144"};
  }
  std::vector<net::Endpoint> endpoints;
  std::string_view rest = AsText(text);
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    line = line.substr(0, line.find('#'));
    const std::vector<std::string_view> words = SplitAtBlanks(line);
    if (words.empty()) continue;
    const auto at = [number] { return "line " + std::to_string(number) + ": "; };
    if (words.size() > 1) {
      return Error{ErrorCode::kInvalid,
                   at() + "found " + Quote(words[1]) + ", expected one endpoint a line"};
    }
    auto endpoint = net::Endpoint::Parse(words[0]);
    if (!endpoint) return Error{ErrorCode::kInvalid, at() + endpoint.error().message};
    if (endpoint->kind != net::Endpoint::Kind::kTls) {
      return Error{ErrorCode::kInvalid, at() + "found " + Quote(words[0]) + ", expected https://…"};
    }
    endpoints.push_back(*std::move(endpoint));
  }
  return endpoints;
}

Result<void> ListSource::Find(const Query&, const HintSink& sink, int) {
  for (const net::Endpoint& endpoint : endpoints_) {
    sink({.endpoint = endpoint, .origin = HintOrigin::kList});
  }
  return {};
}

}  // namespace plasm::discovery
