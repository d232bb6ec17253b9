// The error numbers of preview1, and a value-or-errno for what the host calls are made of.
#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <utility>

namespace plasm::wasi {

// Values as in the preview1 interface definition.
enum class Errno : std::uint16_t {
  kSuccess = 0,
  kAcces = 2,
  kAgain = 6,
  kBadf = 8,
  kBusy = 10,
  kExist = 20,
  kFault = 21,
  kFbig = 22,
  kIlseq = 25,
  kInval = 28,
  kIo = 29,
  kIsdir = 31,
  kLoop = 32,
  kMfile = 33,
  kMlink = 34,
  kNametoolong = 37,
  kNoent = 44,
  kNomem = 48,
  kNospc = 51,
  kNosys = 52,
  kNotdir = 54,
  kNotempty = 55,
  kNotsock = 57,
  kNotsup = 58,
  kOverflow = 61,
  kPerm = 63,
  kSpipe = 70,
  kXdev = 75,
  kNotcapable = 76,
};

// A value, or the Errno (never kSuccess) that says why there is none.
template <class T>
class [[nodiscard]] ErrnoOr {
 public:
  ErrnoOr(T value) : value_(std::move(value)) {}                              // NOLINT: implicit
  ErrnoOr(Errno error) : error_(error) { assert(error != Errno::kSuccess); }  // NOLINT: implicit

  explicit operator bool() const { return value_.has_value(); }
  Errno error() const { return error_; }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }

 private:
  std::optional<T> value_;
  Errno error_ = Errno::kSuccess;
};

}  // namespace plasm::wasi
