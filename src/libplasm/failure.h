// From the errors of the layers below to the exceptions of the interface.
#pragma once

#include <plasm/error.h>

#include <utility>

#include "base/result.h"

namespace plasm::libplasm {

v0::ErrorCode CodeOf(ErrorCode code);

[[noreturn]] void Throw(const Error& error);

// The value, or an exception for the error.
template <class T>
T ValueOf(Result<T> result) {
  if (!result) Throw(result.error());
  return *std::move(result);
}
inline void ValueOf(const Result<void>& result) {
  if (!result) Throw(result.error());
}

}  // namespace plasm::libplasm
