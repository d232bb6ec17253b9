#include "net/event_stream.h"

#include <algorithm>

#include "base/decimal.h"
#include "base/quote.h"
#include "base/utf8.h"

namespace plasm::net {

Result<std::vector<ServerEvent>> EventStreamReader::Feed(ByteView bytes) {
  std::vector<ServerEvent> events;
  std::string_view text = AsText(bytes);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view part = text.substr(0, end);
    if (line_.size() + part.size() + data_.size() + event_.size() > max_event_bytes_) {
      return Error{ErrorCode::kLimitExceeded, "event stream: an event of more than " +
                                                  std::to_string(max_event_bytes_) + " bytes"};
    }
    line_ += part;
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
    if (line_.ends_with('\r')) line_.pop_back();
    PLASM_TRY_VOID(TakeLine(line_, events));
    line_.clear();
  }
  return events;
}

Result<void> EventStreamReader::TakeLine(std::string_view line, std::vector<ServerEvent>& events) {
  if (std::exchange(at_start_, false) && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
  if (!IsValidUtf8(AsBytes(line))) {
    return Error{ErrorCode::kCorrupt, "event stream: line " + Quote(line) + ": expected UTF-8"};
  }
  if (line.find('\r') != std::string_view::npos) {
    return Error{ErrorCode::kCorrupt, "event stream: line " + Quote(line) + ": has a lone CR"};
  }
  if (line.empty()) {
    // Without data it is no event, however it is called.
    if (has_data_) {
      data_.pop_back();
      events.push_back(
          {event_.empty() ? "message" : std::move(event_), std::move(data_), last_id_});
    }
    event_.clear();
    data_.clear();
    has_data_ = false;
    return {};
  }
  const std::size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") {
    event_ = value;
  } else if (field == "data") {
    data_.append(value).append(1, '\n');
    has_data_ = true;
  } else if (field == "id") {
    if (value.find('\0') == std::string_view::npos) last_id_ = value;
  } else if (field == "retry") {
    if (const auto retry = ParseDecimal(value)) retry_ms_ = *retry;
  }
  return {};  // a comment, or a field of a later version
}

std::string FormatServerEvent(const ServerEvent& event) {
  std::string text;
  text.reserve(event.data.size() + event.event.size() + event.id.size() + 32);
  if (!event.id.empty()) text += "id: " + event.id + "\n";
  if (event.event != "message") text += "event: " + event.event + "\n";
  for (std::string_view rest = event.data;;) {
    const std::size_t end = rest.find('\n');
    text.append("data: ").append(rest.substr(0, end)).append(1, '\n');
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  text += '\n';
  return text;
}

}  // namespace plasm::net
