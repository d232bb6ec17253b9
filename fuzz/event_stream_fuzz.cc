// Server-Sent Events: the same whatever pieces they come in, and each can be written again.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "expect.h"
#include "net/event_stream.h"

namespace {

using namespace plasm;

std::optional<std::vector<net::ServerEvent>> Read(ByteView bytes, std::size_t piece) {
  net::EventStreamReader reader(256);
  std::vector<net::ServerEvent> all;
  while (!bytes.empty()) {
    const std::size_t size = std::min(piece, bytes.size());
    auto events = reader.Feed(bytes.first(size));
    if (!events) return std::nullopt;
    for (net::ServerEvent& event : *events) all.push_back(std::move(event));
    bytes = bytes.subspan(size);
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes = std::as_bytes(std::span(data, size));
  const auto whole = Read(bytes, std::max<std::size_t>(size, 1));
  const auto pieces = Read(bytes, 1);
  FUZZ_EXPECT(whole.has_value() == pieces.has_value());
  if (!whole) return 0;
  FUZZ_EXPECT(whole->size() == pieces->size());
  for (std::size_t i = 0; i < whole->size(); ++i) {
    const net::ServerEvent& event = (*whole)[i];
    FUZZ_EXPECT(event.data == (*pieces)[i].data && event.event == (*pieces)[i].event);
    const std::string text = net::FormatServerEvent(event);
    net::EventStreamReader reader(1024);
    const auto again = reader.Feed(AsBytes(text));
    FUZZ_EXPECT(again && again->size() == 1);
    FUZZ_EXPECT(again->front().data == event.data && again->front().event == event.event &&
                again->front().id == event.id);
  }
  return 0;
}
