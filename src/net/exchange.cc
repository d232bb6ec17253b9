#include "net/exchange.h"

#include <algorithm>
#include <string>

#include "net/problem.h"

namespace plasm::net {

Result<Bytes> Exchange::ReadWholeBody(std::size_t limit) {
  const std::uint64_t announced = request().body_length().value_or(0);
  const auto too_large = [&] {
    return Error{ErrorCode::kLimitExceeded,
                 "request body: longer than " + std::to_string(limit) + " bytes"};
  };
  if (announced > limit) return too_large();
  // What is announced is made room for only as it comes.
  constexpr std::size_t kStep = 16 << 10;
  Bytes body;
  while (true) {
    const std::size_t size = body.size();
    // One byte more than is allowed shows that there is more.
    body.resize(std::min(size + kStep, limit + 1));
    PLASM_TRY(const std::size_t count, ReadBody(std::span(body).subspan(size)));
    body.resize(size + count);
    if (count == 0) return body;
    if (body.size() > limit) return too_large();
  }
}

Result<void> Exchange::RespondError(const Error& error, const Headers& headers) {
  const int status = StatusOf(error.code);
  Headers all = headers;
  all.push_back({"Content-Type", kProblemType});
  const bool says_when = std::ranges::any_of(
      headers, [](const Header& header) { return header.name == "Retry-After"; });
  if (error.code == ErrorCode::kOverloaded && !says_when) all.push_back({"Retry-After", "1"});
  return Respond(status, all,
                 AsBytes(ProblemBody(status, ErrorCodeName(error.code), error.message)));
}

}  // namespace plasm::net
