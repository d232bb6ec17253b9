// The list of known nodes: what is read is written back, and an edit changes one line.
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"
#include "client/node_list.h"
#include "expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const std::string text(AsText(std::as_bytes(std::span(data, size))));
  auto list = client::NodeList::Parse(AsBytes(text));
  if (!list) return 0;
  FUZZ_EXPECT(list->Serialize() == (text.empty() || text.ends_with('\n') ? text : text + "\n"));
  const auto nodes = list->Nodes();
  for (const client::KnownNode& node : nodes) {
    FUZZ_EXPECT(list->Find(node.name) == node);
    FUZZ_EXPECT(node.name != client::kLocalName);
    FUZZ_EXPECT(list->Put(node).has_value());
  }
  const auto again = client::NodeList::Parse(AsBytes(list->Serialize()));
  FUZZ_EXPECT(again.has_value());
  FUZZ_EXPECT(again->Nodes() == nodes);
  if (nodes.empty()) return 0;
  FUZZ_EXPECT(list->Remove(nodes.front().name).has_value());
  FUZZ_EXPECT(list->Nodes().size() == nodes.size() - 1);
  return 0;
}
