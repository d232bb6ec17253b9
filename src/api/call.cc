#include "api/call.h"

#include "net/problem.h"

namespace plasm::api {

void Call::Respond(int status, std::string_view type, std::string_view body,
                   const net::Headers& headers) {
  status_ = status;
  net::Headers all;
  all.reserve(headers.size() + 1);
  all.push_back({"Content-Type", type});
  all.insert(all.end(), headers.begin(), headers.end());
  (void)exchange_.Respond(status, all, AsBytes(body));
}

void Call::RespondEmpty(int status, const net::Headers& headers) {
  status_ = status;
  (void)exchange_.Respond(status, headers, {});
}

void Call::Fail(const Error& error, const net::Headers& headers) {
  Problem(net::StatusOf(error.code), error.code, error.message, headers);
}

void Call::Problem(int status, ErrorCode code, std::string_view detail,
                   const net::Headers& headers) {
  net::Headers all = headers;
  if (code == ErrorCode::kOverloaded) all.push_back({"Retry-After", "1"});
  Respond(status, net::kProblemType, net::ProblemBody(status, ErrorCodeName(code), detail), all);
}

}  // namespace plasm::api
