// The table of WASI preview1 functions, each callable with raw arguments against any
// guest memory. The sandbox binds every entry to the engine; the fuzzer calls the same
// entries with a memory of its own.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "wasi/errno.h"
#include "wasi/guest_memory.h"

namespace plasm::wasi {

class Host;

// What a call does to the guest.
struct CallResult {
  enum class Kind : std::uint8_t {
    kReturn,       // returns `value` (an Errno) to the guest
    kExit,         // proc_exit: the guest ends with exit code `value`
    kOutputLimit,  // the guest ends: it wrote more than HostLimits::output_bytes
    kAbort,        // proc_raise with a fatal signal: the guest ends; `value` is the signal
  };
  Kind kind = Kind::kReturn;
  std::uint32_t value = 0;
};

struct Call {
  std::string_view name;    // as in "fd_write"; the module is "wasi_snapshot_preview1"
  std::string_view params;  // one letter a parameter: 'i' is i32, 'I' is i64
  bool returns;             // false for proc_exit alone, which has no result
  // args[i] holds parameter i, i32 zero-extended. args.size() == params.size().
  CallResult (*invoke)(Host& host, GuestMemory memory,
                       std::span<const std::uint64_t> args) noexcept;
};

// All 46 functions of preview1, sorted by name.
std::span<const Call> Calls();

}  // namespace plasm::wasi
