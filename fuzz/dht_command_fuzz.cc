// What plasm-dht is told: what is accepted survives the way there and back.
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"
#include "discovery/protocol/dht_command.h"
#include "expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const auto command = discovery::ParseDhtCommand(std::as_bytes(std::span(data, size)));
  if (!command) return 0;
  std::string line = discovery::SerializeDhtCommand(*command);
  FUZZ_EXPECT(line.ends_with('\n'));
  line.pop_back();
  FUZZ_EXPECT(line.find('\n') == std::string::npos);
  FUZZ_EXPECT(line.size() <= discovery::kMaxCommandBytes);
  const auto again = discovery::ParseDhtCommand(AsBytes(line));
  FUZZ_EXPECT(again.has_value());
  FUZZ_EXPECT(*again == *command);
  return 0;
}
