// Server-Sent Events (WHATWG HTML, section 9.2), as they come. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace plasm::net {

struct ServerEvent {
  std::string event = "message";
  std::string data;  // lines joined by LF
  std::string id;    // the last one that the stream named, for Last-Event-ID
};

// Reads a stream in pieces of any size. Lines end in LF or CR LF, never in a lone CR, and are
// UTF-8. After an error the reader is of no use any more.
class EventStreamReader {
 public:
  explicit EventStreamReader(std::size_t max_event_bytes = 1 << 20)
      : max_event_bytes_(max_event_bytes) {}

  // The events that these bytes complete. kCorrupt for ill-formed text, kLimitExceeded for an
  // event that is too large.
  Result<std::vector<ServerEvent>> Feed(ByteView bytes);

  // For a connection that is made again.
  const std::string& last_event_id() const { return last_id_; }
  std::optional<std::uint64_t> retry_ms() const { return retry_ms_; }

 private:
  Result<void> TakeLine(std::string_view line, std::vector<ServerEvent>& events);

  std::size_t max_event_bytes_;
  bool at_start_ = true;
  std::string line_;
  std::string event_;
  std::string data_;
  bool has_data_ = false;
  std::string last_id_;
  std::optional<std::uint64_t> retry_ms_;
};

// One event in that form, to be written by a server. `event` and `id` have no line ends.
std::string FormatServerEvent(const ServerEvent& event);

}  // namespace plasm::net
