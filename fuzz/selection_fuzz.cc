// Selections: what is read is written back, and who matches is found under what is asked for.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"
#include "discovery/selection.h"
#include "expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const std::string text(AsText(std::as_bytes(std::span(data, size))));
  const auto selection = discovery::Selection::Parse(text);
  if (!selection) return 0;
  FUZZ_EXPECT(selection->ToString() == text);
  // A node that has all that is asked for, as far as one can.
  trust::Capabilities node;
  node.arch = "x86_64";
  node.engine = "wasmtime-48";
  node.cores = 65536;
  node.memory_mib = UINT32_MAX;
  for (const discovery::SelectionTerm& term : selection->terms) {
    using Kind = discovery::SelectionTerm::Kind;
    if (term.kind == Kind::kArch) node.arch = term.value;
    if (term.kind == Kind::kEngine) node.engine = term.value;
    if (term.kind == Kind::kProfile) node.profiles.push_back(term.value);
    if (term.kind == Kind::kCpu) node.cpu.push_back(term.value);
    if (term.kind == Kind::kLabelIs) node.labels[term.label] = term.value;
    if (term.kind == Kind::kHasLabel) node.labels.emplace(term.label, "");
  }
  const bool matches = Matches(*selection, node);
  FUZZ_EXPECT(matches == FirstMismatch(*selection, node).empty());
  if (!matches) return 0;
  const auto announced = discovery::CapabilitiesOf(node);
  for (const std::string& capability : discovery::CapabilitiesToAsk(*selection)) {
    FUZZ_EXPECT(std::ranges::find(announced, capability) != announced.end());
  }
  return 0;
}
