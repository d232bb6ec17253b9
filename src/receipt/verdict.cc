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
    Row{Verdict::kUnknownKey, "UNKNOWN_KEY", 12, "nobody who is trusted here answers for the key"},
    Row{Verdict::kWrongKey, "WRONG_KEY", 13, "the receipt names another key than the given one"},
    Row{Verdict::kValid, "VALID", 0,
        "a node that is trusted here answers for this result, and everything that was given "
        "agrees with it"},
    Row{Verdict::kNodeBlocked, "NODE_BLOCKED", 14, "the node is blocked here"},
    Row{Verdict::kKeyNotValid, "KEY_NOT_VALID", 15, "the key was not valid when the job ended"},
    Row{Verdict::kKeyRevoked, "KEY_REVOKED", 16,
        "the node has revoked the key, and nothing proves that the receipt was logged before"},
    Row{Verdict::kNotLogged, "NOT_LOGGED", 17,
        "the receipt has to be in a log, and there is no proof that it is"},
    Row{Verdict::kBadLogProof, "BAD_LOG_PROOF", 18,
        "the proof does not show that the receipt is in the node's log"},
    Row{Verdict::kNotWitnessed, "NOT_WITNESSED", 19,
        "too few of the policy's witnesses have seen the log at this point"},
    Row{Verdict::kInconsistent, "INCONSISTENT", 20, "parts of the receipt contradict each other"},
    Row{Verdict::kWrongJob, "WRONG_JOB", 21, "the receipt answers another request"},
    Row{Verdict::kTooLate, "TOO_LATE", 22, "the job was started later than the request allows"},
    Row{Verdict::kWrongOutput, "WRONG_OUTPUT", 23,
        "an output that was given is not the one that the receipt names"},
    Row{Verdict::kReplayDiffers, "REPLAY_DIFFERS", 30,
        "the job was run again and gave another result"},
    Row{Verdict::kReplayInconclusive, "REPLAY_INCONCLUSIVE", 31,
        "the job was run again and ended in a way that says nothing about the receipt"},
    Row{Verdict::kReplayImpossible, "REPLAY_IMPOSSIBLE", 32,
        "the job can't be run again from what is at hand"},
    Row{Verdict::kNoQuorum, "NO_QUORUM", 24,
        "too few nodes that are trusted here answer with the same result"},
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
