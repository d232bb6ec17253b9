// The guest's linear memory: every access is checked against its size. Valid only for the
// duration of one host call, because the guest may grow (and so move) its memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>

namespace plasm::wasi {

class GuestMemory {
 public:
  explicit GuestMemory(std::span<std::byte> bytes) : bytes_(bytes) {}

  // The `length` bytes at `pointer`, or nothing when any of them lies outside.
  std::optional<std::span<std::byte>> Slice(std::uint32_t pointer, std::uint64_t length) const {
    if (pointer > bytes_.size() || length > bytes_.size() - pointer) return std::nullopt;
    return bytes_.subspan(pointer, static_cast<std::size_t>(length));
  }

  // Little-endian, unaligned, as WebAssembly defines memory.
  template <class T>
    requires std::is_integral_v<T>
  std::optional<T> Load(std::uint32_t pointer) const {
    const auto slice = Slice(pointer, sizeof(T));
    if (!slice) return std::nullopt;
    T value;
    std::memcpy(&value, slice->data(), sizeof(T));
    return value;
  }
  template <class T>
    requires std::is_integral_v<T>
  bool Store(std::uint32_t pointer, T value) const {
    const auto slice = Slice(pointer, sizeof(T));
    if (!slice) return false;
    std::memcpy(slice->data(), &value, sizeof(T));
    return true;
  }

 private:
  std::span<std::byte> bytes_;
};

}  // namespace plasm::wasi
