#include "libplasm/failure.h"

namespace plasm::libplasm {

v0::ErrorCode CodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
      return v0::ErrorCode::kInvalid;
    case ErrorCode::kDenied:
      return v0::ErrorCode::kDenied;
    case ErrorCode::kNotFound:
      return v0::ErrorCode::kNotFound;
    case ErrorCode::kConflict:
      return v0::ErrorCode::kConflict;
    case ErrorCode::kLimitExceeded:
      return v0::ErrorCode::kLimitExceeded;
    case ErrorCode::kOverloaded:
      return v0::ErrorCode::kOverloaded;
    case ErrorCode::kUnavailable:
      return v0::ErrorCode::kUnavailable;
    case ErrorCode::kCorrupt:
      return v0::ErrorCode::kCorrupt;
    case ErrorCode::kInternal:
      break;
  }
  return v0::ErrorCode::kInternal;
}

void Throw(const Error& error) { throw v0::Error(CodeOf(error.code), error.message); }

}  // namespace plasm::libplasm
