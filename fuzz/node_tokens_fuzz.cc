// The file of tokens for nodes: what is read is written back as the same tokens.
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"
#include "client/node_tokens.h"
#include "expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  auto tokens = client::NodeTokens::Parse(std::as_bytes(std::span(data, size)));
  if (!tokens) return 0;
  const std::string text = tokens->Serialize();
  FUZZ_EXPECT(text.size() <= size + 1);
  const auto again = client::NodeTokens::Parse(AsBytes(text));
  FUZZ_EXPECT(again.has_value() && again->Serialize() == text);
  if (text.empty()) return 0;
  const std::string name = text.substr(0, text.find(' '));
  const auto secret = again->Find(name);
  FUZZ_EXPECT(secret.has_value());
  FUZZ_EXPECT(tokens->Put(name, *secret).has_value());
  FUZZ_EXPECT(tokens->Serialize() == text);
  FUZZ_EXPECT(tokens->Remove(name) && !tokens->Find(name));
  return 0;
}
