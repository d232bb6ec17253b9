// Trust files: what is read is written back byte for byte, and an edit changes what it says it
// changes and nothing else.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "crypto/public_key_text.h"
#include "expect.h"
#include "trust/trust_file.h"

namespace {

using namespace plasm;

std::vector<trust::TrustedNode> NodesOf(const trust::TrustFile& file) {
  std::vector<trust::TrustedNode> nodes;
  for (const trust::TrustedNode* node : file.Nodes()) nodes.push_back(*node);
  return nodes;
}

// Read again, the file holds the nodes that it says it holds.
void ExpectSound(const trust::TrustFile& file) {
  const auto again = trust::TrustFile::Parse(AsBytes(file.Serialize()));
  FUZZ_EXPECT(again.has_value());
  FUZZ_EXPECT(NodesOf(*again) == NodesOf(file));
  for (const trust::TrustedNode* node : file.Nodes()) {
    FUZZ_EXPECT(file.FindByName(node->name) == node);
    FUZZ_EXPECT(file.FindByFingerprint(crypto::Fingerprint(node->identity)) == node);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(AsText(std::as_bytes(std::span(data, size))));
  auto file = trust::TrustFile::Parse(AsBytes(text));
  if (!file) return 0;
  FUZZ_EXPECT(file->Serialize() == (text.empty() || text.ends_with('\n') ? text : text + "\n"));
  ExpectSound(*file);
  if (file->Nodes().empty()) return 0;

  std::vector<trust::TrustedNode> nodes = NodesOf(*file);
  if (file->SetLevel(nodes.front().name, trust::TrustLevel::kBlocked)) {
    nodes.front().level = trust::TrustLevel::kBlocked;
  }
  if (file->SetCardVersion(nodes.back().name, 1'000'000)) nodes.back().card_version = 1'000'000;
  FUZZ_EXPECT(NodesOf(*file) == nodes);
  ExpectSound(*file);
  FUZZ_EXPECT(file->Remove(nodes.front().name).has_value());
  nodes.erase(nodes.begin());
  FUZZ_EXPECT(NodesOf(*file) == nodes);
  ExpectSound(*file);
  return 0;
}
