// Result<T>: a value or an Error, named like std::expected, which this compiler lacks.
#pragma once

#include <cassert>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace plasm {

// Named for what the caller should do about it, not for where it arose.
enum class ErrorCode {
  kInvalid,        // the input is wrong; the same call will fail again
  kDenied,         // not allowed
  kNotFound,       // the named thing does not exist
  kConflict,       // it exists already, or in another state
  kLimitExceeded,  // a limit that the caller may raise
  kOverloaded,     // try again later
  kUnavailable,    // something needed is missing or out of reach
  kCorrupt,        // stored or received data is damaged
  kInternal,       // a fault of ours
};

struct Error {
  ErrorCode code;
  std::string message;  // names the field or file, what was found, what was expected
};

// The stable lower-case name of a code, as in "not_found".
constexpr const char* ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
      return "invalid";
    case ErrorCode::kDenied:
      return "denied";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kLimitExceeded:
      return "limit_exceeded";
    case ErrorCode::kOverloaded:
      return "overloaded";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kCorrupt:
      return "corrupt";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}  // NOLINT: implicit

  bool has_value() const { return ok_; }
  explicit operator bool() const { return ok_; }
  const Error& error() const& {
    assert(!ok_);
    return error_;
  }
  Error&& error() && {
    assert(!ok_);
    return std::move(error_);
  }

 private:
  Error error_{ErrorCode::kInternal, {}};
  bool ok_ = true;
};

}  // namespace plasm

#define PLASM_CONCAT_INNER(a, b) a##b
#define PLASM_CONCAT(a, b) PLASM_CONCAT_INNER(a, b)

// PLASM_TRY(auto card, ParseNodeCard(bytes)); returns the error, or declares the value.
#define PLASM_TRY(declaration, expression)                        \
  auto PLASM_CONCAT(plasm_try_, __LINE__) = (expression);         \
  if (!PLASM_CONCAT(plasm_try_, __LINE__))                        \
    return std::move(PLASM_CONCAT(plasm_try_, __LINE__)).error(); \
  declaration = *std::move(PLASM_CONCAT(plasm_try_, __LINE__))

// PLASM_TRY_VOID(WriteFile(path, bytes)); returns the error, or goes on.
#define PLASM_TRY_VOID(expression)                               \
  do {                                                           \
    if (auto plasm_try_result = (expression); !plasm_try_result) \
      return std::move(plasm_try_result).error();                \
  } while (false)
