#include "sandbox/module_bytes.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace plasm::sandbox {
namespace {

constexpr std::string_view kMagic{"\0asm", 4};
constexpr std::string_view kCoreVersion{"\x01\0\0\0", 4};
constexpr std::string_view kComponentVersion{"\x0d\0\x01\0", 4};

// Text format starts, after blanks and comments, with an opening parenthesis.
bool LooksLikeText(std::string_view text) {
  while (true) {
    const auto start = text.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) return false;
    text.remove_prefix(start);
    if (text.starts_with(";;")) {
      const auto end = text.find('\n');
      if (end == std::string_view::npos) return false;
      text.remove_prefix(end);
      continue;
    }
    return text.starts_with("(");
  }
}

}  // namespace

Result<void> CheckModuleBytes(ByteView bytes) {
  if (bytes.size() > kMaxModuleBytes) {
    return Error{ErrorCode::kLimitExceeded, "module has " + std::to_string(bytes.size()) +
                                                " bytes; the limit is " +
                                                std::to_string(kMaxModuleBytes)};
  }
  const std::string_view text = AsText(bytes);
  if (text.empty()) return Error{ErrorCode::kInvalid, "module is empty"};
  if (!text.starts_with(kMagic)) {
    if (LooksLikeText(text.substr(0, 4096))) {
      return Error{ErrorCode::kInvalid,
                   "module is in text format (WAT); convert it to binary first, as with wat2wasm"};
    }
    if (kMagic.starts_with(text)) {
      return Error{ErrorCode::kInvalid, "module is truncated: it ends within its header"};
    }
    return Error{ErrorCode::kInvalid,
                 "not a WebAssembly module: it does not begin with the bytes 00 61 73 6d"};
  }
  const std::string_view version = text.substr(4, 4);
  if (version.size() < 4) {
    return Error{ErrorCode::kInvalid, "module is truncated: it ends within its header"};
  }
  if (version == kComponentVersion) {
    return Error{ErrorCode::kInvalid,
                 "this is a WebAssembly component; Plasm runs core modules for WASI preview1 "
                 "(build for wasm32-wasip1)"};
  }
  if (version != kCoreVersion) {
    return Error{ErrorCode::kInvalid,
                 "module has an unknown version; WebAssembly version 1 is expected"};
  }
  return {};
}

}  // namespace plasm::sandbox
