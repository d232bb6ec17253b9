// Streams of events, as bytes: whatever comes in whatever order, output has no byte twice.
#include <cstdint>
#include <span>
#include <variant>

#include "base/bytes.h"
#include "client/job_event.h"
#include "expect.h"
#include "net/event_stream.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  net::EventStreamReader reader;
  const auto events = reader.Feed(std::as_bytes(std::span(data, size)));
  if (!events) return 0;
  client::OutputProgress progress;
  for (const net::ServerEvent& event : *events) {
    const auto known = client::ReadJobEvent(event);
    if (!known || !*known) continue;
    const auto* output = std::get_if<client::OutputEvent>(&**known);
    if (output == nullptr) continue;
    const std::uint64_t before = progress.bytes(output->stream);
    const auto fresh = progress.New(*output);
    FUZZ_EXPECT(progress.bytes(output->stream) == before + (fresh ? fresh->size() : 0));
    if (!fresh || fresh->empty()) continue;
    FUZZ_EXPECT(output->offset <= before);
    FUZZ_EXPECT(output->offset + output->bytes.size() == progress.bytes(output->stream));
  }
  return 0;
}
