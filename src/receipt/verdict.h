// What a verification found: one enumeration for every kind of receipt, in every language.
#pragma once

#include <span>
#include <string_view>

namespace plasm::receipt {

enum class Verdict {
  kValidLegacyUnbound,  // v1: signed by a pinned key, but binds neither input nor output
  kMalformed,           // not a receipt
  kBadSignature,        // the signature is not the named key's over these fields
  kUnknownKey,          // the signature is right, but nothing says whose key it is
  kWrongKey,            // the receipt names another key than the one that was demanded
};

// The stable name, as in "VALID_LEGACY_UNBOUND".
std::string_view VerdictName(Verdict verdict);

// The stable exit status of a program that verifies: zero for valid verdicts only. 1 and 2
// are left to failures of the program itself and wrong usage.
int VerdictExitCode(Verdict verdict);

// One sentence for people, without a full stop.
std::string_view VerdictMeaning(Verdict verdict);

std::span<const Verdict> AllVerdicts();

}  // namespace plasm::receipt
