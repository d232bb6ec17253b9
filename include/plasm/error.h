/// @file
/// What can go wrong.
///
/// Failures are exceptions. C++20 has no type of its own for "a value or an error", a future
/// carries an exception as it is, and nobody can go on by mistake with a result that was not
/// verified: the line behind a call runs only when the call has kept its promise. Every exception
/// of the library's own is an @ref plasm::v0::Error; besides, there is `std::bad_alloc`, and what
/// your callbacks throw passes through unchanged.
#pragma once

#include <plasm/abi.h>

#include <stdexcept>
#include <string>

namespace plasm::PLASM_ABI_NAMESPACE {
/// What the caller can do about it.
enum class ErrorCode {
  kInvalid,        ///< The input is wrong; the same call will fail again.
  kDenied,         ///< Not allowed, or not to be believed.
  kNotFound,       ///< The named thing does not exist.
  kConflict,       ///< It exists already, or is in another state.
  kLimitExceeded,  ///< A limit that the caller may raise.
  kOverloaded,     ///< Try again later. The library has done so already, for two minutes.
  kUnavailable,    ///< Something needed is missing or out of reach.
  kCorrupt,        ///< Stored or received data is damaged.
  kInternal,       ///< A fault of the library or of the node.
  kStopped,        ///< You stopped it.
};

/// The stable lower-case name of a code, as in "not_found". Thread-safe.
PLASM_EXPORT const char* ErrorCodeName(ErrorCode code) noexcept;

/// A failure. what() names the file, node or member, what was found and what was expected; it is
/// one line, fit to be shown, also where it quotes others.
class PLASM_EXPORT Error : public std::runtime_error {
 public:
  /// A failure with this code and text.
  Error(ErrorCode code, const std::string& message);
  /// @cond
  Error(const Error&) noexcept;
  Error& operator=(const Error&) noexcept;
  ~Error() override;
  /// @endcond

  /// What to do about it.
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};
}  // namespace plasm::PLASM_ABI_NAMESPACE
