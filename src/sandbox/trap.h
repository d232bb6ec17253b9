// Why a guest ended other than by itself, in names that are stable across engine versions.
#pragma once

#include <cstdint>
#include <string_view>

namespace plasm::sandbox {

enum class TrapCause : std::uint8_t {
  kNone,
  kUnreachable,
  kMemoryOutOfBounds,
  kTableOutOfBounds,
  kIndirectCallToNull,
  kBadSignature,
  kIntegerOverflow,
  kIntegerDivisionByZero,
  kBadConversionToInteger,
  kStackOverflow,
  kNullReference,
  kAbort,  // the guest raised a fatal signal
  kOther,
};

// As in "stack_overflow"; empty for kNone.
std::string_view TrapName(TrapCause cause);

}  // namespace plasm::sandbox
