#include "libplasm/enumerations.h"

#include <array>
#include <cstddef>
#include <utility>

namespace plasm::libplasm {
namespace {

// Each value of the one beside that of the other.
constexpr std::array kStates = {
    std::pair{receipt::JobState::kQueued, v0::JobState::kQueued},
    std::pair{receipt::JobState::kRunning, v0::JobState::kRunning},
    std::pair{receipt::JobState::kExited, v0::JobState::kExited},
    std::pair{receipt::JobState::kTrapped, v0::JobState::kTrapped},
    std::pair{receipt::JobState::kOutOfFuel, v0::JobState::kOutOfFuel},
    std::pair{receipt::JobState::kTimedOut, v0::JobState::kTimedOut},
    std::pair{receipt::JobState::kOutputLimit, v0::JobState::kOutputLimit},
    std::pair{receipt::JobState::kCancelled, v0::JobState::kCancelled},
    std::pair{receipt::JobState::kRejected, v0::JobState::kRejected},
    std::pair{receipt::JobState::kFailed, v0::JobState::kFailed},
};
static_assert(kStates.size() == receipt::kJobStates);

constexpr std::array kVerdicts = {
    std::pair{receipt::Verdict::kValidLegacyUnbound, v0::Verdict::kValidLegacyUnbound},
    std::pair{receipt::Verdict::kMalformed, v0::Verdict::kMalformed},
    std::pair{receipt::Verdict::kBadSignature, v0::Verdict::kBadSignature},
    std::pair{receipt::Verdict::kUnknownKey, v0::Verdict::kUnknownKey},
    std::pair{receipt::Verdict::kWrongKey, v0::Verdict::kWrongKey},
    std::pair{receipt::Verdict::kValid, v0::Verdict::kValid},
    std::pair{receipt::Verdict::kNodeBlocked, v0::Verdict::kNodeBlocked},
    std::pair{receipt::Verdict::kKeyNotValid, v0::Verdict::kKeyNotValid},
    std::pair{receipt::Verdict::kKeyRevoked, v0::Verdict::kKeyRevoked},
    std::pair{receipt::Verdict::kNotLogged, v0::Verdict::kNotLogged},
    std::pair{receipt::Verdict::kBadLogProof, v0::Verdict::kBadLogProof},
    std::pair{receipt::Verdict::kNotWitnessed, v0::Verdict::kNotWitnessed},
    std::pair{receipt::Verdict::kInconsistent, v0::Verdict::kInconsistent},
    std::pair{receipt::Verdict::kWrongJob, v0::Verdict::kWrongJob},
    std::pair{receipt::Verdict::kTooLate, v0::Verdict::kTooLate},
    std::pair{receipt::Verdict::kWrongOutput, v0::Verdict::kWrongOutput},
    std::pair{receipt::Verdict::kReplayDiffers, v0::Verdict::kReplayDiffers},
    std::pair{receipt::Verdict::kReplayInconclusive, v0::Verdict::kReplayInconclusive},
    std::pair{receipt::Verdict::kReplayImpossible, v0::Verdict::kReplayImpossible},
    std::pair{receipt::Verdict::kNoQuorum, v0::Verdict::kNoQuorum},
};

// Both enumerations count in the same order, so that a number is enough.
template <class Pairs>
constexpr bool InOrder(const Pairs& pairs) {
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (static_cast<std::size_t>(pairs[i].first) != i) return false;
    if (static_cast<std::size_t>(pairs[i].second) != i) return false;
  }
  return true;
}
static_assert(InOrder(kStates) && InOrder(kVerdicts));

}  // namespace

v0::JobState StateOf(receipt::JobState state) {
  return kStates[static_cast<std::size_t>(state)].second;
}

receipt::JobState StateOf(v0::JobState state) {
  return kStates[static_cast<std::size_t>(state)].first;
}

v0::JobState StateOf(receipt::Status status) {
  switch (status) {
    case receipt::Status::kExited:
      return v0::JobState::kExited;
    case receipt::Status::kTrapped:
      return v0::JobState::kTrapped;
    case receipt::Status::kOutOfFuel:
      return v0::JobState::kOutOfFuel;
    case receipt::Status::kOutputLimit:
      return v0::JobState::kOutputLimit;
    case receipt::Status::kTimedOut:
      return v0::JobState::kTimedOut;
    case receipt::Status::kCancelled:
      return v0::JobState::kCancelled;
    case receipt::Status::kRejected:
      break;
  }
  return v0::JobState::kRejected;
}

v0::Verdict VerdictOf(receipt::Verdict verdict) {
  return kVerdicts[static_cast<std::size_t>(verdict)].second;
}

receipt::Verdict VerdictOf(v0::Verdict verdict) {
  return kVerdicts[static_cast<std::size_t>(verdict)].first;
}

}  // namespace plasm::libplasm

namespace plasm::v0 {

// The texts below are literals of the tables that they come from, so that they end with a NUL.

const char* JobStateName(JobState state) noexcept {
  return receipt::JobStateName(libplasm::StateOf(state)).data();
}

bool IsEnded(JobState state) noexcept { return receipt::IsEnded(libplasm::StateOf(state)); }

const char* VerdictName(Verdict verdict) noexcept {
  return receipt::VerdictName(libplasm::VerdictOf(verdict)).data();
}

const char* VerdictMeaning(Verdict verdict) noexcept {
  return receipt::VerdictMeaning(libplasm::VerdictOf(verdict)).data();
}

}  // namespace plasm::v0
