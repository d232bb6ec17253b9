// One request on its way through the API: who asks, and the ways to answer.
#pragma once

#include <string_view>

#include "api/access.h"
#include "base/result.h"
#include "net/exchange.h"

namespace plasm::api {

// Belongs to the server's thread, as the exchange does. What an answer gives back is of no use to
// a route: when a client is gone, everything it calls fails.
class Call {
 public:
  Call(net::Exchange& exchange, std::string_view parameter)
      : exchange_(exchange), parameter_(parameter) {}

  net::Exchange& exchange() { return exchange_; }
  const net::RequestHead& request() const { return exchange_.request(); }
  std::string_view method() const { return request().method(); }
  std::string_view parameter() const { return parameter_; }  // of the path

  // Nobody's on routes that are open to everybody.
  const Access& access() const { return access_; }
  const jobs::Client& client() const { return access_.client; }
  void SetAccess(Access access) { access_ = std::move(access); }

  void Json(int status, std::string_view body, const net::Headers& headers = {}) {
    Respond(status, "application/json", body, headers);
  }
  void Respond(int status, std::string_view type, std::string_view body,
               const net::Headers& headers = {});
  void RespondEmpty(int status, const net::Headers& headers = {});
  // A problem with the status of the error's code, or with another one.
  void Fail(const Error& error, const net::Headers& headers = {});
  void Problem(int status, ErrorCode code, std::string_view detail,
               const net::Headers& headers = {});

  // For routes that stream: what they told the client.
  void NoteStatus(int status) { status_ = status; }
  int status() const { return status_; }  // 0: none yet

 private:
  net::Exchange& exchange_;
  std::string_view parameter_;
  Access access_;
  int status_ = 0;
};

}  // namespace plasm::api
