// What a node must be to be chosen (spec/discovery.md section 6), and the keys under which such
// nodes are looked for (section 2). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "discovery/protocol/announce_key.h"
#include "trust/node_card.h"

namespace plasm::discovery {

inline constexpr std::size_t kMaxSelectionBytes = 2048;
inline constexpr std::size_t kMaxSelectionTerms = 32;

struct SelectionTerm {
  enum class Kind {
    kArch,
    kEngine,
    kProfile,
    kCpu,
    kPolicy,
    kLabelIs,
    kHasLabel,
    kCoresAtLeast,
    kMemoryAtLeast,
  };
  Kind kind = Kind::kArch;
  std::string label;         // of kLabelIs and kHasLabel
  std::string value;         // of those with text
  std::uint64_t amount = 0;  // of the last two; memory in MiB

  friend bool operator==(const SelectionTerm&, const SelectionTerm&) = default;
};

// All terms must hold; without any, every node will do.
struct Selection {
  std::vector<SelectionTerm> terms;

  // kInvalid, naming the term, what was found and what there is; kLimitExceeded. Empty text has
  // no terms.
  static Result<Selection> Parse(std::string_view text);
  std::string ToString() const;

  friend bool operator==(const Selection&, const Selection&) = default;
};

bool Matches(const SelectionTerm& term, const trust::Capabilities& node);
bool Matches(const Selection& selection, const trust::Capabilities& node);

// The first term that does not hold, as text; empty when all do. For people who ask why.
std::string FirstMismatch(const Selection& selection, const trust::Capabilities& node);

// What a node with these capabilities is announced under.
std::vector<std::string> CapabilitiesOf(const trust::Capabilities& node);

// Under which capabilities to look: those that the fewest nodes have. What is found there still
// has to match.
std::vector<std::string> CapabilitiesToAsk(const Selection& selection);

}  // namespace plasm::discovery
