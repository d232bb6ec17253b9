// The target of a request: RFC 3986, read strictly. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace plasm::net {

struct RequestTarget {
  std::string path;
  std::vector<std::string> segments;
  std::vector<std::pair<std::string, std::string>> query;
};

// "/path?query" as RequestHead describes it. kInvalid says what is wrong, quoted.
Result<RequestTarget> ParseRequestTarget(std::string_view target, std::size_t max_parameters);

// A segment of a path, or a name or value of a query, so that ParseRequestTarget gives it back.
std::string PercentEncode(std::string_view text);

}  // namespace plasm::net
