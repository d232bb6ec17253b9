// What plasm-dht says, cut into lines as they come: what is accepted survives the way there and
// back, and a stream is cut in the same way however it comes.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "discovery/protocol/dht_event.h"
#include "discovery/protocol/lines.h"
#include "expect.h"

namespace {

using namespace plasm;

// Lines up to the first that is too long.
std::vector<std::string> Lines(ByteView bytes, std::size_t piece) {
  discovery::LineSplitter splitter(discovery::kMaxEventBytes);
  std::vector<std::string> lines;
  while (!bytes.empty()) {
    const std::size_t count = std::min(piece, bytes.size());
    splitter.Feed(bytes.first(count));
    bytes = bytes.subspan(count);
    while (true) {
      const auto line = splitter.Next();
      if (!line) return lines;
      if (!*line) break;
      lines.push_back(**line);
    }
  }
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes = std::as_bytes(std::span(data, size));
  const std::vector<std::string> lines = Lines(bytes, size + 1);
  FUZZ_EXPECT(lines == Lines(bytes, 7));
  for (const std::string& line : lines) {
    const auto event = discovery::ParseDhtEvent(AsBytes(line));
    if (!event) continue;
    std::string written = discovery::SerializeDhtEvent(*event);
    FUZZ_EXPECT(written.ends_with('\n'));
    written.pop_back();
    const auto again = discovery::ParseDhtEvent(AsBytes(written));
    // One line made of a message can be longer than the message was.
    if (!again) {
      FUZZ_EXPECT(std::holds_alternative<discovery::CommandRefused>(*event));
      continue;
    }
    FUZZ_EXPECT(*again == *event);
  }
  return 0;
}
