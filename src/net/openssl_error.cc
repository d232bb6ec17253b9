#include "net/openssl_error.h"

#include <openssl/err.h>

#include <string>

namespace plasm::net {

Error OpensslError(std::string_view what, ErrorCode code) {
  const unsigned long number = ERR_get_error();
  ERR_clear_error();
  const char* reason = number == 0 ? nullptr : ERR_reason_error_string(number);
  return {code, std::string(what) + ": " + (reason == nullptr ? "failed" : reason)};
}

}  // namespace plasm::net
