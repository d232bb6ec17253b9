// The head of a request: parsed once, strictly (RFC 9112, RFC 9110). Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace plasm::net {

struct HeadLimits {
  std::size_t request_line_bytes = 8 << 10;
  std::size_t bytes = 16 << 10;  // of the whole head, request line and empty line included
  std::size_t fields = 64;
  std::size_t query_parameters = 32;
};

struct HeadField {
  std::string_view name;  // as it came; compare without regard to case
  std::string_view value;
};

// A head that is not served: the status that says so, and why.
struct Refusal {
  int status = 400;
  std::string detail;
};

enum class BodyFraming { kNone, kLength, kChunked };

// Views are valid as long as the head, also after it was moved.
class RequestHead {
 public:
  RequestHead() = default;
  RequestHead(RequestHead&&) = default;
  RequestHead& operator=(RequestHead&&) = default;

  std::string_view method() const { return method_; }
  // As it came, for logs (after Quote) and signatures.
  std::string_view target() const { return target_; }
  // Decoded: begins with '/', UTF-8 without controls, and none of its segments is empty, "." or
  // ".." or has a '/' of its own. "/" has no segments.
  const std::string& path() const { return path_; }
  const std::vector<std::string>& segments() const { return segments_; }

  // A parameter of the query, decoded as a form's ('+' is a blank). No name comes twice.
  std::optional<std::string_view> Query(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& query() const { return query_; }

  // The value of the field, whatever the case of its name. kInvalid when it comes twice.
  Result<std::optional<std::string_view>> Header(std::string_view name) const;
  const std::vector<HeadField>& fields() const { return fields_; }

  BodyFraming framing() const { return framing_; }
  // Known for kNone (0) and kLength, and below 2^63.
  std::optional<std::uint64_t> body_length() const;
  bool expects_continue() const { return expects_continue_; }
  // Whether the client wants another request on this connection. Never with HTTP/1.0.
  bool keep_alive() const { return keep_alive_; }
  bool is_http_1_0() const { return http_1_0_; }

 private:
  friend class HeadParser;
  std::vector<char> text_;  // what the views point into
  std::string_view method_;
  std::string_view target_;
  std::string path_;
  std::vector<std::string> segments_;
  std::vector<std::pair<std::string, std::string>> query_;
  std::vector<HeadField> fields_;
  BodyFraming framing_ = BodyFraming::kNone;
  std::uint64_t length_ = 0;
  bool expects_continue_ = false;
  bool keep_alive_ = true;
  bool http_1_0_ = false;
};

// What the first bytes of a stream are.
struct HeadOutcome {
  enum class Kind { kNeedsMore, kComplete, kRefused };
  Kind kind = Kind::kNeedsMore;
  std::size_t size = 0;  // of the head, when it is complete
  RequestHead head;
  Refusal refusal;
};

// `scanned` bytes of the stream were there at the last call, which asked for more: they are not
// searched again. Refuses as soon as what is there can't become a request: also what is not
// HTTP/1.0 or 1.1, a target that is not a path, lines that end in anything but CR LF, folded
// lines, a missing or second Host, and each way to leave the end of the body in doubt.
HeadOutcome ParseRequestHead(std::string_view stream, const HeadLimits& limits,
                             std::size_t scanned = 0);

}  // namespace plasm::net
