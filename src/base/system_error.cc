#include "base/system_error.h"

#include <cerrno>
#include <string>
#include <system_error>

namespace plasm {
namespace {

ErrorCode CodeOf(int errno_value) {
  switch (errno_value) {
    case ENOENT:
      return ErrorCode::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kDenied;
    case EEXIST:
      return ErrorCode::kConflict;
    case EISDIR:
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG:
      return ErrorCode::kInvalid;
    case EFBIG:
      return ErrorCode::kLimitExceeded;
    case EAGAIN:
      return ErrorCode::kOverloaded;
    case EBADF:
    case EFAULT:
    case EINVAL:
      return ErrorCode::kInternal;
    default:
      return ErrorCode::kUnavailable;
  }
}

}  // namespace

Error SystemError(int errno_value, std::string_view what) {
  return {CodeOf(errno_value),
          std::string(what) + ": " + std::generic_category().message(errno_value)};
}

}  // namespace plasm
