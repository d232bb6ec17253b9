#include "receipt/verdict.h"

#include <array>
#include <cstddef>

namespace plasm::receipt {
namespace {

struct Row {
  Verdict verdict;
  std::string_view name;
  int exit_code;
  std::string_view meaning;
};

// In the order of the enumeration. Exit codes are never reused.
constexpr std::array kRows = {
    Row{Verdict::kValidLegacyUnbound, "VALID_LEGACY_UNBOUND", 0,
        "signed by a key that is trusted here; a receipt of this version proves nothing about "
        "input and output"},
    Row{Verdict::kMalformed, "MALFORMED", 10, "not a receipt"},
    Row{Verdict::kBadSignature, "BAD_SIGNATURE", 11,
        "the signature does not belong to these fields and this key"},
    Row{Verdict::kUnknownKey, "UNKNOWN_KEY", 12,
        "the signature is right, but the key is not trusted here"},
    Row{Verdict::kWrongKey, "WRONG_KEY", 13, "the receipt names another key than the given one"},
};

constexpr bool InOrder() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<std::size_t>(kRows[i].verdict) != i) return false;
  }
  return true;
}
static_assert(InOrder());

constexpr auto kVerdicts = [] {
  std::array<Verdict, kRows.size()> verdicts{};
  for (std::size_t i = 0; i < kRows.size(); ++i) verdicts[i] = kRows[i].verdict;
  return verdicts;
}();

const Row& RowOf(Verdict verdict) { return kRows[static_cast<std::size_t>(verdict)]; }

}  // namespace

std::string_view VerdictName(Verdict verdict) { return RowOf(verdict).name; }
int VerdictExitCode(Verdict verdict) { return RowOf(verdict).exit_code; }
std::string_view VerdictMeaning(Verdict verdict) { return RowOf(verdict).meaning; }
std::span<const Verdict> AllVerdicts() { return kVerdicts; }

}  // namespace plasm::receipt
