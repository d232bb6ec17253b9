// Byte sequences: owners are Bytes, views are ByteView. Text from outside is bytes until
// it has been checked.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace plasm {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

inline ByteView AsBytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}
inline std::string_view AsText(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace plasm
