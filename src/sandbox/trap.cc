#include "sandbox/trap.h"

namespace plasm::sandbox {

std::string_view TrapName(TrapCause cause) {
  switch (cause) {
    case TrapCause::kNone:
      return "";
    case TrapCause::kUnreachable:
      return "unreachable";
    case TrapCause::kMemoryOutOfBounds:
      return "memory_out_of_bounds";
    case TrapCause::kTableOutOfBounds:
      return "table_out_of_bounds";
    case TrapCause::kIndirectCallToNull:
      return "indirect_call_to_null";
    case TrapCause::kBadSignature:
      return "bad_signature";
    case TrapCause::kIntegerOverflow:
      return "integer_overflow";
    case TrapCause::kIntegerDivisionByZero:
      return "integer_division_by_zero";
    case TrapCause::kBadConversionToInteger:
      return "bad_conversion_to_integer";
    case TrapCause::kStackOverflow:
      return "stack_overflow";
    case TrapCause::kNullReference:
      return "null_reference";
    case TrapCause::kAbort:
      return "abort";
    case TrapCause::kOther:
      return "other";
  }
  return "other";
}

}  // namespace plasm::sandbox
