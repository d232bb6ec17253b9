#include <plasm/error.h>

#include "base/result.h"

namespace plasm::v0 {

const char* ErrorCodeName(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kInvalid:
      return plasm::ErrorCodeName(plasm::ErrorCode::kInvalid);
    case ErrorCode::kDenied:
      return plasm::ErrorCodeName(plasm::ErrorCode::kDenied);
    case ErrorCode::kNotFound:
      return plasm::ErrorCodeName(plasm::ErrorCode::kNotFound);
    case ErrorCode::kConflict:
      return plasm::ErrorCodeName(plasm::ErrorCode::kConflict);
    case ErrorCode::kLimitExceeded:
      return plasm::ErrorCodeName(plasm::ErrorCode::kLimitExceeded);
    case ErrorCode::kOverloaded:
      return plasm::ErrorCodeName(plasm::ErrorCode::kOverloaded);
    case ErrorCode::kUnavailable:
      return plasm::ErrorCodeName(plasm::ErrorCode::kUnavailable);
    case ErrorCode::kCorrupt:
      return plasm::ErrorCodeName(plasm::ErrorCode::kCorrupt);
    case ErrorCode::kInternal:
      break;
    case ErrorCode::kStopped:
      return "stopped";
  }
  return plasm::ErrorCodeName(plasm::ErrorCode::kInternal);
}

Error::Error(ErrorCode code, const std::string& message)
    : std::runtime_error(message), code_(code) {}
Error::Error(const Error&) noexcept = default;
Error& Error::operator=(const Error&) noexcept = default;
Error::~Error() = default;

}  // namespace plasm::v0
