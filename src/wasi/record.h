// A structure of the preview1 interface on its way into guest memory: little-endian fields
// at fixed offsets, every other byte zero.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>

#include "wasi/guest_memory.h"
#include "wasi/types.h"

namespace plasm::wasi {

template <std::size_t kSize>
class Record {
 public:
  template <class T>
    requires std::is_integral_v<T>
  Record& Put(std::size_t offset, T value) {
    std::memcpy(bytes_.data() + offset, &value, sizeof(T));
    return *this;
  }
  // `at` must have room for the record.
  void Store(GuestMemory memory, Pointer at) const {
    std::memcpy(memory.Slice(at, kSize)->data(), bytes_.data(), kSize);
  }

 private:
  std::array<std::byte, kSize> bytes_{};
};

}  // namespace plasm::wasi
