// What a verification found: one enumeration for every kind of receipt, in every language.
#pragma once

#include <span>
#include <string_view>

namespace plasm::receipt {

enum class Verdict {
  kValidLegacyUnbound,  // v1: signed by a pinned key, but binds neither input nor output
  kMalformed,           // not a receipt
  kBadSignature,        // the signature is not the named key's over these fields
  kUnknownKey,          // nothing says whose key it is
  kWrongKey,            // the receipt names another key than the one that was demanded
  kValid,               // v2: everything that was asked for has been checked
  kNodeBlocked,         // the node is blocked here
  kKeyNotValid,         // the key's time does not cover the receipt's
  kKeyRevoked,          // the node has revoked the key
  kNotLogged,           // a proof is needed and there is none
  kBadLogProof,         // the proof does not put this receipt into the named log
  kNotWitnessed,        // the policy asks for more witnesses
  kInconsistent,        // parts of the receipt contradict each other
  kWrongJob,            // it answers another request
  kTooLate,             // the job was started after the request's end
  kWrongOutput,         // an output at hand is not the receipt's
  kReplayDiffers,       // run again, the job gave something else
  kReplayInconclusive,  // run again, the job ended where nodes need not agree
  kReplayImpossible,    // the job can't be run again
  kNoQuorum,            // too few nodes answer with the same result
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
